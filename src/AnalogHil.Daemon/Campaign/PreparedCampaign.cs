using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>A campaign whose inputs are read and checked; nothing is written yet.</summary>
/// <param name="RunAsync">Runs it to its result.</param>
internal sealed record PreparedCampaign(Func<CancellationToken, Task<RunResponse>> RunAsync);
