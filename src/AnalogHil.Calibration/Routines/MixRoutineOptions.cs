using AnalogHil.Calibration.Acquisition;

namespace AnalogHil.Calibration.Routines;

/// <summary>What the mix routine is to reach.</summary>
public sealed record MixRoutineOptions
{
    /// <summary>Half-width of the interval of every present sigma over its value; in (0, 1).</summary>
    /// <value>0.05</value>
    public double RelativeHalfWidth { get; init; } = 0.05;

    /// <summary>A term not told from zero is read no further once the upper limit of its share of the variance is below this at every point.</summary>
    /// <value>0.02</value>
    public double AbsentShare { get; init; } = 0.02;

    /// <summary>Level of the intervals.</summary>
    /// <value>0.95</value>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Vectors a tile and point in the first round, from which the others are planned; at least 4.</summary>
    /// <value>16</value>
    public int PilotVectors { get; init; } = 16;

    /// <summary>Most vectors a tile and point; reaching it ends with a warning.</summary>
    /// <value>65536</value>
    public int MostVectors { get; init; } = 65536;

    /// <summary>How reads are made.</summary>
    public AcquisitionOptions Acquisition { get; init; } = new();
}
