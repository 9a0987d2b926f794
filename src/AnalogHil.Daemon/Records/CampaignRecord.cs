using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Records.Noise;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Daemon.Records.Provenance;

namespace AnalogHil.Daemon.Records;

/// <summary>What a campaign found: the content of report.json. Sections that the campaign has not come to are null.</summary>
/// <remarks>Names in the file are those of the members in snake_case. A figure that is not finite (an unbounded limit, noise bits without noise) is null there.</remarks>
public sealed record CampaignRecord
{
    /// <summary>Version of the layout; a reader refuses others.</summary>
    public const string CurrentSchema = "analoghil.report/1";

    /// <summary>Version of the layout of this record.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Partial until the campaign came to a verdict.</summary>
    public required RecordStatus Status { get; init; }

    /// <summary>Step the campaign has come to, e.g. "calibrate"; "record" when complete.</summary>
    public required string Phase { get; init; }

    /// <summary>ACCEPT, REJECT or INCONCLUSIVE; null in a partial record.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Why, in a sentence with figures; for a partial record why it ended, null while it runs.</summary>
    public string? Reason { get; init; }

    /// <summary>What stopped the campaign; null where nothing did.</summary>
    public FailureRecord? Failure { get; init; }

    /// <summary>What a person should know before trusting the figures; empty when there is nothing.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What the figures take for granted, one sentence each.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];

    /// <summary>What was asked for.</summary>
    public TargetRecord? Target { get; init; }

    /// <summary>The device.</summary>
    public BenchRecord? Bench { get; init; }

    /// <summary>The network.</summary>
    public ModelRecord? Model { get; init; }

    /// <summary>The images and how they were split.</summary>
    public DataRecord? Data { get; init; }

    /// <summary>The measured noise.</summary>
    public CalibrationRecord? Calibration { get; init; }

    /// <summary>The redundancy of each layer.</summary>
    public PlanRecord? Plan { get; init; }

    /// <summary>What the plan costs beside the uniform one.</summary>
    public EnergyRecord? Energy { get; init; }

    /// <summary>What the plan costs by what the device declares; null before it is known, and in records of earlier versions.</summary>
    public DeclaredCostRecord? DeclaredCost { get; init; }

    /// <summary>Plans tried on the way.</summary>
    public ImmutableArray<SearchPointRecord> Search { get; init; } = [];

    /// <summary>Accuracy on the device.</summary>
    public AccuracyRecord? Validation { get; init; }

    /// <summary>Device route against model route, layer by layer in graph order.</summary>
    public ImmutableArray<TwinRecord> Twin { get; init; } = [];

    /// <summary>Where every interval of <see cref="Twin"/> must lie for an ACCEPT; null before the check.</summary>
    public TwinLimitsRecord? TwinLimits { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required ProvenanceRecord Provenance { get; init; }
}
