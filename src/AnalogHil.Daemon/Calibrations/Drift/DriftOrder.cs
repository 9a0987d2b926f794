namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>What a watch over a bench is asked to do.</summary>
/// <param name="BenchFile">Bench file.</param>
/// <param name="Folder">New folder for a renewed calibration.</param>
/// <param name="By">Who asks.</param>
/// <param name="Probes">Most probes; 0 for no end.</param>
/// <param name="Every">Time between two probes.</param>
internal sealed record DriftOrder(string BenchFile, string Folder, string By, int Probes, TimeSpan Every)
{
    /// <summary>Fencing epoch of the lease under which the device is driven; 0: without a lease.</summary>
    public long Epoch { get; init; }

    /// <summary>What earlier watches gathered, and where this one keeps it; null: it begins anew and keeps nothing.</summary>
    public DriftMemory? Memory { get; init; }
}
