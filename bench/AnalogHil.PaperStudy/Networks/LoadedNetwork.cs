using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.PaperStudy.Networks;

/// <summary>A network in memory with three disjoint sets of examples.</summary>
internal sealed class LoadedNetwork
{
    private const ulong SplitSeed = 20210212;
    private const int CalibrationExamples = 160;

    private readonly QuantisationPlan _plan;
    private readonly Dictionary<bool, double> _accuracies = [];

    private LoadedNetwork(StudyNetwork source, OnnxNetwork network, LabelledImages learning, LabelledImages search, LabelledImages certification)
    {
        (Source, Float, Learning, Search, Certification) = (source, network, learning, search, certification);
        _plan = QuantisationCalibrator.Calibrate(
            network, learning.Pixels, Math.Min(CalibrationExamples, learning.Count), new QuantisationOptions { InputRange = new PercentileRule() });
        EightBit = network.Quantised(_plan);
    }

    public StudyNetwork Source { get; }

    /// <summary>The float32 network.</summary>
    public OnnxNetwork Float { get; }

    /// <summary>Inputs and weights of its analog products on 8-bit grids; inputs clipped at the 99.99 percentile of 160 learning examples.</summary>
    public OnnxNetwork EightBit { get; }

    public LabelledImages Learning { get; }

    public LabelledImages Search { get; }

    public LabelledImages Certification { get; }

    /// <summary>Loads a network; products of two activations are digital, for the laws are those of devices that hold one operand.</summary>
    /// <param name="source">Which one.</param>
    /// <param name="declarations">Folder of declarations of preprocessing.</param>
    /// <param name="threads">Threads of the engine.</param>
    public static LoadedNetwork Load(StudyNetwork source, string declarations, int threads)
    {
        OnnxNetwork network = OnnxNetwork.Load(source.Model, new EngineOptions { Threads = threads });
        if (network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations))
        {
            network = network.WithDigitalActivationProducts();
        }

        LabelledImages test = Read(source.Test, ImageSplit.Test, int.MaxValue);
        LabelledImages? learning = source.Learning is null ? null : Read(source.Learning, ImageSplit.Calibration, source.LearningExamples);
        if (learning is null)
        {
            Splits first = Splits.Create(test, source.LearningExamples, test.Count - source.LearningExamples, SplitSeed + 1);
            (learning, test) = (first.Search, first.Certification);
        }

        Splits splits = Splits.Create(test, source.SearchExamples, Math.Min(source.CertificationExamples, test.Count - source.SearchExamples), SplitSeed);
        return new LoadedNetwork(source, network, learning, splits.Search, splits.Certification);

        LabelledImages Read(string directory, ImageSplit split, int limit)
        {
            if (TextSets.Holds(directory, network, split))
            {
                return TextSets.Open(directory, network, split, limit);
            }

            // A folder of learning pictures has no splits of its own.
            ImageSplit there = ImageSets.Holds(directory, split) ? split : ImageSplit.Test;
            return ImageSets.Open(directory, Preprocessing.ForModel(source.Model, network.Sha256, declarations), there, network.Classes, limit);
        }
    }

    /// <summary>The network that a law's noise is added to.</summary>
    public OnnxNetwork For(LawCase law) => law.Quantised ? EightBit : Float;

    /// <summary>Binds a law; dx is the span of the input's 8-bit grid.</summary>
    public ReferenceNoiseModel NoiseOf(LawCase law) => ReferenceNoiseModel.Create(
        For(law),
        law.Noise,
        Learning.Pixels,
        Math.Min(CalibrationExamples, Learning.Count),
        [.. _plan.Nodes.Select(node => new InputRange((float)node.Input!.Low, (float)node.Input.High))]);

    /// <summary>Chooses full scales under a law; null for one that has none.</summary>
    public ClipFit? ClipsOf(LawCase law, ClipOptions options) => law.Quantised ? new ClipFit(Float, _plan, law.Noise, Learning, options) : null;

    /// <summary>Accuracy without noise on the search split, a fraction.</summary>
    public double CleanAccuracy(bool quantised, CancellationToken cancellationToken)
    {
        if (!_accuracies.TryGetValue(quantised, out double accuracy))
        {
            accuracy = Correctness.Share(Judging.Run(quantised ? EightBit : Float, Search, null, 0, cancellationToken));
            _accuracies.Add(quantised, accuracy);
        }

        return accuracy;
    }
}
