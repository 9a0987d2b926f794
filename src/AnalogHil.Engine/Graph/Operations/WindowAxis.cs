namespace AnalogHil.Engine.Graph.Operations;

/// <summary>A sliding window along one axis of a feature map.</summary>
/// <param name="Input">Pixels of the input.</param>
/// <param name="Kernel">Taps of the window.</param>
/// <param name="Stride">Pixels between windows.</param>
/// <param name="PadBefore">Zeros before the first pixel.</param>
/// <param name="PadAfter">Zeros after the last pixel.</param>
/// <param name="Output">Number of windows.</param>
internal readonly record struct WindowAxis(int Input, int Kernel, int Stride, int PadBefore, int PadAfter, int Output)
{
    /// <summary>Pixels between taps.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Pixels from the first tap to the last, both counted.</summary>
    public int Span => (Kernel - 1) * Dilation + 1;

    /// <summary>Whether any window reaches beyond the input.</summary>
    public bool Pads => PadBefore > 0 || (Output - 1) * Stride - PadBefore + Span > Input;

    /// <summary>A window of one pixel that visits every pixel.</summary>
    public static WindowAxis Pointwise(int input) => new(input, 1, 1, 0, 0, input);
}
