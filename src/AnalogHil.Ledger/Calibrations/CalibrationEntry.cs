using System.Collections.Immutable;

namespace AnalogHil.Ledger.Calibrations;

/// <summary>A calibration of a device, with all that its figures depend on.</summary>
public sealed record CalibrationEntry
{
    /// <summary>Unique, e.g. "calibrations/0198...".</summary>
    public required string Id { get; init; }

    /// <summary>Uid of the device.</summary>
    public required string DeviceUid { get; init; }

    /// <summary>Bench on which it was made.</summary>
    public required string Bench { get; init; }

    /// <summary>Firmware of the device.</summary>
    public required string Firmware { get; init; }

    /// <summary>Temperature of the device, kelvin; null: it tells none.</summary>
    public double? TemperatureKelvin { get; init; }

    /// <summary>Procedure, e.g. "lumped", "per-cell".</summary>
    public required string Method { get; init; }

    /// <summary>Version and commit of the program that made it.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>Seed of its probes.</summary>
    public required ulong Seed { get; init; }

    /// <summary>SHA-256 of the raw reads, lower-case hexadecimal.</summary>
    public required string RawDataHash { get; init; }

    /// <summary>The whole result, JSON.</summary>
    public required string Document { get; init; }

    /// <summary>Who made it.</summary>
    public required string MadeBy { get; init; }

    /// <summary>From when it holds: when it was finished.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when it holds.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Its figures, in order of name.</summary>
    public required ImmutableArray<CalibrationFigure> Figures { get; init; }

    /// <summary>Id of the one that took its place; null: none.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>Who marked it bad and why; null: nobody.</summary>
    public CalibrationMark? Bad { get; init; }
}
