namespace AnalogHil.PaperStudy.Cells;

/// <summary>E of one layer.</summary>
/// <param name="Name">Node in the model.</param>
/// <param name="Macs">n, multiply-accumulates.</param>
/// <param name="Mean">Mean over channels.</param>
/// <param name="Low">Least channel.</param>
/// <param name="High">Largest channel.</param>
internal sealed record LayerEnergy(string Name, long Macs, double Mean, double Low, double High);
