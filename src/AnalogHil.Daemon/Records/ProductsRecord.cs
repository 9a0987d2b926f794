using System.Collections.Immutable;

namespace AnalogHil.Daemon.Records;

/// <summary>Where a network's products of two activations (attention) were computed.</summary>
/// <param name="Computed">"analog" on the device, or "digital" beside it.</param>
/// <param name="Reason">Why there.</param>
/// <param name="Macs">Their multiply-accumulates for one example; in the model's and the plan's figures only where they are analog.</param>
/// <param name="Nodes">Their names in the model, in graph order.</param>
public sealed record ProductsRecord(string Computed, string Reason, long Macs, ImmutableArray<string> Nodes);
