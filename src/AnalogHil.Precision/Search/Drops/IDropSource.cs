using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Drops;

/// <summary>Tells how much accuracy an allocation costs.</summary>
internal interface IDropSource
{
    /// <summary>Images there are.</summary>
    int Images { get; }

    /// <summary>An empty sample of an allocation.</summary>
    DropSample Open(EnergyPoint point);

    /// <summary>Runs what is missing of the first <paramref name="images"/> images with draws 0 .. <paramref name="seeds"/> - 1.</summary>
    void Extend(DropSample sample, int images, int seeds, CancellationToken cancellationToken);
}
