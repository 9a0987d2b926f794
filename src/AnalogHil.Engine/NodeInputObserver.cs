namespace AnalogHil.Engine;

/// <summary>Receives what enters an analog node for some images of a clean pass. Called from several threads at once, in no particular order.</summary>
/// <param name="node">The node.</param>
/// <param name="images">Number of images.</param>
/// <param name="values">Of a product of two activations the first operand. [images x values of the node's input], rows and columns before channels, padding
/// left out.</param>
public delegate void NodeInputObserver(AnalogNode node, int images, ReadOnlySpan<float> values);
