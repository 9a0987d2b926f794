using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>A tile that takes no notice of its cells, for processes that are looked at by themselves.</summary>
internal sealed class SilentTile(CellSite site) : CellTile(site, new float[site.Cells], [])
{
    public override void Move(int unit, float change)
    {
    }

    public override ColumnTruth TruthOf(int column, ReadOnlySpan<float> inputs, double readNanoseconds) => new(0, false, []);

    protected override float StaticWeight(int cell) => 0;

    protected override void Age(double nanoseconds)
    {
    }

    protected override void Restore()
    {
    }

    protected override void Detect(double intensity, ReadOnlySpan<float> inputNoise, Span<float> analog) => analog.Clear();
}
