using System.Collections.Immutable;

namespace AnalogHil.Daemon.Records.Plans;

/// <summary>The redundancy of each layer.</summary>
public sealed record PlanRecord
{
    /// <summary>In graph order.</summary>
    public required ImmutableArray<PlanLayerRecord> Layers { get; init; }

    /// <summary>How repeats are made: "accumulate-then-read", "read-and-average" or "spatial-copies".</summary>
    public required string Mode { get; init; }

    /// <summary>Hash of the settings in force on the device, as read back; null before the push.</summary>
    public string? SettingsHash { get; init; }

    /// <summary>Cells that hold weights, copies included; null when not mapped.</summary>
    public long? CellsUsed { get; init; }

    /// <summary>Cells of the device; null when not mapped.</summary>
    public long? CellsTotal { get; init; }

    /// <summary>Device time of one image, seconds; null when not measured.</summary>
    public double? LatencySeconds { get; init; }

    /// <summary>Digital gains and offsets that the plan goes with; null where it goes with none.</summary>
    public PlanCorrectionRecord? Correction { get; init; }

    /// <summary>Full scales that the plan goes with; null where they hold all weights and all inputs that were seen.</summary>
    public PlanFullScaleRecord? FullScales { get; init; }

    /// <summary>Variants of the network that were tried, the simplest first, on the same images; empty where there was one.</summary>
    public ImmutableArray<PlanVariantRecord> Variants { get; init; } = [];

    /// <summary>Why full scales that were asked for could not be tried; null where none were asked for, or they were tried.</summary>
    public string? FullScalesKept { get; init; }

    /// <summary>Mean noise bits over the output elements of all layers (Garg et al. 2021, eq. 8); null where it is not finite, as without noise.</summary>
    public double? MeanNoiseBits { get; init; }

    /// <summary>What planning against the upper limits of sigma would take, and what more calibration reads would save, in a sentence; null where the plan is
    /// the uniform one or no K lessens its loss.</summary>
    public string? PriceOfIgnorance { get; init; }

    /// <summary>KKT residual of the allocation before rounding: ln of the largest over the smallest loss saved per unit of energy among entries at no limit of K; 0 at the optimum, null where the plan is the uniform one.</summary>
    public double? OptimalityResidual { get; init; }

    /// <summary>At most this share of the loss that averages out could be saved by rounding the learned shares to other whole K of no more energy; null where the plan is the uniform one.</summary>
    public double? IntegerGap { get; init; }
}
