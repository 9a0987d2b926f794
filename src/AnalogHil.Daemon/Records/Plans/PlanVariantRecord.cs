namespace AnalogHil.Daemon.Records.Plans;

/// <summary>One variant of the network that a plan was looked for with. The variant was chosen on the images of the search; intervals do not count the choice.</summary>
/// <param name="Name">"shares alone", "gains and offsets" or "full scales, gains and offsets".</param>
/// <param name="Reachable">Whether any K was predicted to be accepted with it.</param>
/// <param name="Energy">Reads per multiply-accumulate of the cheapest such plan; where there is none, of the plan that was kept in its place.</param>
/// <param name="Chosen">Whether the plan is this one.</param>
public sealed record PlanVariantRecord(string Name, bool Reachable, double Energy, bool Chosen)
{
    /// <summary>Lower end of the 95 % interval of the energy; null where it is not bounded.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end; null where it is not bounded.</summary>
    public double? High { get; init; }

    /// <summary>Energy over that of the first variant; null for that itself, and where either is not reachable.</summary>
    public double? Ratio { get; init; }

    /// <summary>Lower end of its 95 % interval, over images and draws that both saw; null where it is not bounded.</summary>
    public double? RatioLow { get; init; }

    /// <summary>Upper end; null where it is not bounded.</summary>
    public double? RatioHigh { get; init; }

    /// <summary>Most images of the search that any of its energies was tried on; 0 where not recorded.</summary>
    public int Images { get; init; }

    /// <summary>Most noise draws of an image.</summary>
    public int Draws { get; init; }

    /// <summary>Declared energy of one image, joules; null where the device declares none.</summary>
    public double? JoulesPerImage { get; init; }
}
