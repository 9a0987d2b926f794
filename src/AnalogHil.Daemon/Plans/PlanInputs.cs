using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Daemon.Plans;

/// <summary>What a plan is learned or compared on, read and checked.</summary>
/// <param name="Network">The network.</param>
/// <param name="ModelFile">Its file, absolute.</param>
/// <param name="DataDirectory">Directory of the examples, absolute.</param>
/// <param name="Learning">Examples to learn from.</param>
/// <param name="Test">Test examples.</param>
/// <param name="Noise">The noise.</param>
/// <param name="Provenance">The same for the plan file.</param>
/// <param name="Layout">Layout of a granularity.</param>
/// <param name="LargestEnergy">K_max of a device; null for a law.</param>
public sealed record PlanInputs(
    OnnxNetwork Network,
    string ModelFile,
    string DataDirectory,
    LabelledImages Learning,
    LabelledImages Test,
    INoiseModel Noise,
    PlanNoise Provenance,
    Func<Granularity, PlanLayout> Layout,
    int? LargestEnergy)
{
    /// <summary>Directory of <see cref="Learning"/>, absolute, where it is not <see cref="DataDirectory"/>; null where it is.</summary>
    public string? LearningDirectory { get; private init; }

    /// <summary>The network as it lies on the device of the record; null for a law.</summary>
    public NetworkOnDevice? OnDevice { get; private init; }

    /// <summary>Where <see cref="Network"/> came from, if it was put on grids; null for the float32 network.</summary>
    public QuantisedFrom? QuantisedFrom { get; private init; }

    /// <summary>Ranges of inputs where the network is on grids; null to observe them.</summary>
    public IReadOnlyList<InputRange>? Ranges { get; private init; }

    /// <summary>Measured noise at the estimates of sigma, where <see cref="Noise"/> is that at their upper limits; null else.</summary>
    public NoiseModel? Estimates { get; private init; }

    /// <summary>The noise by row groups, for a layout that has them; null where no tiles are known (<see cref="PlanInputNames.TileRows"/>).</summary>
    public Func<RowGroupNoise>? NoiseByRows { get; private init; }

    /// <summary>Noise of the network with other weights under the same law; null for measured noise.</summary>
    public Func<INetwork, INoiseModel>? NoiseOf { get; private init; }

    /// <summary>What E counts, for messages.</summary>
    public string EnergyUnit => Provenance.EnergyUnit == PlanNoise.Photons ? "photons" : "reads";

    /// <summary>How the law is read.</summary>
    public ReferenceProfile LawProfile { get; private init; }

    /// <summary>Layout and noise of a granularity.</summary>
    /// <exception cref="PrecisionException">Row groups are asked for, and there are none to tell apart.</exception>
    public (PlanLayout Layout, INoiseModel Noise) For(Granularity granularity)
    {
        PlanLayout layout = Layout(granularity);
        return (layout, granularity == Granularity.Rows ? NoiseByRows!() : Noise);
    }

    /// <summary>The largest K of a layer that may be learned.</summary>
    /// <param name="asked">What was asked for; null for the device's, or the usual one of a law.</param>
    /// <param name="usual">That of a law, which has no device to limit it.</param>
    /// <exception cref="PrecisionException">More than the device has, or than repeats were seen to pay up to on it.</exception>
    public double LargestRepeats(int? asked, double usual) => asked > LargestEnergy
        ? throw new PrecisionException(
            PrecisionFault.PlanDoesNotFit,
            $"K up to {asked} was asked for, and on the device of the record repeats go, or were seen to pay, up to {LargestEnergy}; ask for at most that")
        : asked ?? LargestEnergy ?? usual;

    /// <summary>Calibration examples that ranges of inputs are taken from, as in Garg et al. 2021.</summary>
    public const int RangeImages = 160;

    /// <summary>Reads them.</summary>
    /// <exception cref="ModelImportException">The model cannot be used.</exception>
    /// <exception cref="DataSetException">Examples cannot be used, or those to learn from are those to be judged on.</exception>
    /// <exception cref="PrecisionException">The noise does not fit the network, or has no upper limits.</exception>
    public static PlanInputs Read(PlanInputNames names, TimeProvider time, CancellationToken cancellationToken)
    {
        OnnxNetwork network = OnnxNetwork.Load(names.Model, new EngineOptions { Threads = names.Threads });
        if (names.Record is null && network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations))
        {
            // As in hil model eval: the laws are those of devices that hold one operand.
            network = network.WithDigitalActivationProducts();
        }

        if (names.LawProfile == ReferenceProfile.PaperCode)
        {
            network = network.WithReluForRelu6().Network;
        }

        LabelledImages learning = OpenLearning(names, network);
        LabelledImages test = Open(names.Data, ImageSplit.Test, names, network, int.MaxValue);
        if (names.Record is { } record)
        {
            RecordedNoise recorded = RecordedNoise.ReadAsync(record, network, learning, time, cancellationToken).GetAwaiter().GetResult();
            NoiseModel planned = names.AtUpperLimits ? UpperLimits(recorded.Noise) : recorded.Noise;
            return new PlanInputs(
                recorded.Model, names.Model, names.Data, learning, test, planned,
                recorded.Provenance with { Sigmas = names.AtUpperLimits ? PlanNoise.UpperLimits : null },
                granularity => new PlanLayout(recorded.Network, granularity, recorded.Mode), recorded.MaxRepeats)
            {
                LearningDirectory = OtherThanData(names),
                NoiseByRows = () => RowGroupNoise.Of(planned),
                OnDevice = recorded.Network,
                Estimates = names.AtUpperLimits ? recorded.Noise : null,
            };
        }

        ReferenceLaws laws = names.Laws!;
        int observed = Math.Min(RangeImages, learning.Count);
        (OnnxNetwork judged, InputRange[]? ranges) = OnGrids(network, names, learning, observed);
        INoiseModel NoiseOf(INetwork other) => LawNoise.Of(other, laws, names.LawProfile, learning.Slice(0, observed), observed, ranges);
        INoiseModel noise = NoiseOf(judged);
        return new PlanInputs(
            judged, names.Model, names.Data, learning, test, noise,
            new PlanNoise(PlanNoise.OfLaw, laws.ToString(), [], null, null, null, laws.CountsPhotons ? PlanNoise.Photons : PlanNoise.Reads)
            {
                Profile = names.LawProfile == ReferenceProfile.PaperCode ? LawNoise.PaperCode : null,
            },
            granularity => granularity == Granularity.Rows
                ? new PlanLayout(network.AnalogNodes, RowsOf(names, network), RedundancyMode.ReadAndAverage)
                : new PlanLayout(network.AnalogNodes, granularity, RedundancyMode.ReadAndAverage), null)
        {
            LearningDirectory = OtherThanData(names),
            NoiseOf = NoiseOf,
            Ranges = ranges,
            QuantisedFrom = ranges is null ? null : new QuantisedFrom(network, names.Quantised!, PlanGrids.Bits, PlanGrids.Bits, observed),
            LawProfile = names.LawProfile,
            NoiseByRows = () => names.LawProfile == ReferenceProfile.PaperCode
                ? throw new PrecisionException(PrecisionFault.PlanDoesNotFit, "the authors' code knows no row groups; leave them or its profile out")
                : RowGroupNoise.Of(network, laws, RowsOf(names, network), learning.Slice(0, observed).Span, observed),
        };
    }

    private static string? OtherThanData(PlanInputNames names) =>
        names.Calibration is { } given && ResolvedPath.Of(given) != ResolvedPath.Of(names.Data) ? given : null;

    private static NoiseModel UpperLimits(NoiseModel measured) => measured.Profile.Terms.FirstOrDefault(term => !double.IsFinite(term.Sigma.Interval.High)) is { } open
        ? throw new PrecisionException(
            PrecisionFault.Data,
            $"the record's calibration gives no upper limit for sigma of {open.Term} ({open.Sigma.N} reads); calibrate with more reads, or plan at the estimates")
        : new NoiseModel(measured.Scales, measured.Profile.AtUpperLimits());

    // What a plan learned from it must not be certified on.
    private static LabelledImages OpenLearning(PlanInputNames names, OnnxNetwork network)
    {
        if (names.Calibration is not { } directory)
        {
            return Open(names.Data, ImageSplit.Calibration, names, network, int.MaxValue);
        }

        bool split = TextSets.IsFor(network) ? TextSets.Holds(directory, network, ImageSplit.Calibration) : ImageSets.Holds(directory, ImageSplit.Calibration);
        if (!split && ResolvedPath.Of(directory) == ResolvedPath.Of(names.Data))
        {
            throw new DataSetException(
                $"'{directory}' holds no calibration examples, and its test examples are those that the plan is searched and certified on; "
                    + "name other labelled examples to learn from");
        }

        // A directory named for this purpose may hold examples without splits.
        return Open(directory, split ? ImageSplit.Calibration : ImageSplit.Test, names, network, int.MaxValue);
    }

    private static (OnnxNetwork Network, InputRange[]? Ranges) OnGrids(OnnxNetwork network, PlanInputNames names, LabelledImages learning, int observed)
    {
        if (names.Quantised is not { } rule)
        {
            return (network, null);
        }

        QuantisationPlan grids = QuantisationCalibrator.Calibrate(
            network, learning.Pixels, observed, new QuantisationOptions { InputBits = PlanGrids.Bits, WeightBits = PlanGrids.Bits, InputRange = RangeRules.Of(rule) });
        return (network.Quantised(grids), [.. grids.Nodes.Select(node => new InputRange(node.Input!.Low, node.Input.High))]);
    }

    private static int[][] RowsOf(PlanInputNames names, OnnxNetwork network) => names.TileRows is { } rows
        ? RowGroups.On(network.AnalogNodes, rows)
        : throw new PrecisionException(
            PrecisionFault.PlanDoesNotFit, "energies per row group are asked for under a law, which has no tiles; say how many rows one has, or give the record of a device");

    /// <summary>Full scales that a method may choose: of 8-bit grids, under receiver noise or weight noise alone; null for other noise.</summary>
    /// <param name="laws">The law; null for a calibrated one.</param>
    /// <param name="options">How.</param>
    public ClipFit? Clips(ReferenceLaws? laws, ClipOptions options)
    {
        if (laws?.Laws is not [{ Kind: ReferenceLawKind.Thermal or ReferenceLawKind.Weight } law])
        {
            return null;
        }

        int images = Math.Min(options.Images, Learning.Count);
        OnnxNetwork network = QuantisedFrom?.Network ?? Network;
        QuantisationPlan start = QuantisationCalibrator.Calibrate(network, Learning.Pixels, images, new QuantisationOptions { InputRange = new PercentileRule() });
        var noise = new ReferenceNoiseOptions(law.Kind, law.Strength);
        return new ClipFit(network, start, LawProfile == ReferenceProfile.PaperCode ? noise.InCode() : noise, Learning, options);
    }

    private static LabelledImages Open(string directory, ImageSplit split, PlanInputNames names, OnnxNetwork network, int limit) =>
        TextSets.IsFor(network)
            ? TextSets.Open(directory, network, split, limit)
            : ImageSets.Open(directory, Preprocessing.ForModel(names.Model, network.Sha256, names.Declarations), split, network.Classes, limit);
}
