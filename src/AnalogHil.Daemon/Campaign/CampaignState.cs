using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Averaging;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Records.Provenance;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Twin;
using AnalogHil.Precision.Validation;

namespace AnalogHil.Daemon.Campaign;

/// <summary>What a campaign knows so far: each step adds its result for the ones after it.</summary>
internal sealed class CampaignState
{
    /// <summary>What was asked for.</summary>
    public required CampaignRequest Request { get; init; }

    /// <summary>The inputs.</summary>
    public required CampaignInputs Inputs { get; init; }

    /// <summary>Results kept for resumption.</summary>
    public required CheckpointStore Checkpoints { get; init; }

    /// <summary>Where raw reads go.</summary>
    public required IReadArchive Archive { get; init; }

    /// <summary>When the campaign began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How often the campaign was resumed; 0 in its first run.</summary>
    public int Resumptions { get; init; }

    /// <summary>Fencing epoch that the device was armed with: that of the lease, or the campaign's own; 0 before.</summary>
    public long Epoch { get; set; }

    /// <summary>How often the device was lost and taken back in this run.</summary>
    public int Recoveries { get; set; }

    /// <summary>What a person should know before trusting the figures.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Time that each step took in this run.</summary>
    public List<PhaseTimeRecord> PhaseTimes { get; } = [];

    /// <summary>The opened device; null before it is opened. The runner, not the steps, makes it safe and closes it.</summary>
    public IAnalogDevice? Device { get; set; }

    /// <summary>Who answered.</summary>
    public DeviceIdentity? Identity { get; set; }

    /// <summary>What the device said after it was told to be safe; null before, or when it did not answer.</summary>
    public DeviceState? EndState { get; set; }

    /// <summary>The fault that was found latched on the device at the end, its drive off all the same; null without one.</summary>
    public string? EndFault { get; set; }

    /// <summary>How repeats are made: each read converted where the device offers it, since the converter's error averages too then.</summary>
    public RedundancyMode Mode => AveragingAcquisition.ModeOf(Device!.Capabilities);

    /// <summary>Where the network sits on the device, one copy of each layer.</summary>
    public TileMap? Map { get; set; }

    /// <summary>What calibration found.</summary>
    public CalibrationResult? Calibration { get; set; }

    /// <summary>Up to which K repeats were seen to pay; null before, and for a device without noise.</summary>
    public CertifiedLaw? Certificate { get; set; }

    /// <summary>The network laid out, with its full scales.</summary>
    public NetworkOnDevice? Network { get; set; }

    /// <summary>What learning found.</summary>
    public PrecisionResult? Learned { get; set; }

    /// <summary>The plan in force.</summary>
    public PushRecord? Pushed { get; set; }

    /// <summary>Device against model.</summary>
    public TwinResult? Twin { get; set; }

    /// <summary>The accuracy on the device.</summary>
    public ValidationRecord? Validation { get; set; }
}
