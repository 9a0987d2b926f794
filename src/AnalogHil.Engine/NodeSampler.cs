namespace AnalogHil.Engine;

/// <summary>Receives one analog node's product, clean and with injected noise, for the same clean input.</summary>
/// <param name="node">The node.</param>
/// <param name="clean">[count x positions x channels], bias left out; [count x groups x positions x group channels] for a product of two activations.</param>
/// <param name="noisy">The same with noise.</param>
public delegate void NodeSampler(AnalogNode node, ReadOnlySpan<float> clean, ReadOnlySpan<float> noisy);
