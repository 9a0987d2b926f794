using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>Puts a learned plan into the form of its file.</summary>
public static class PlanFileBuilder
{
    /// <summary>The file's content.</summary>
    public static PlanFile Of(LearnedPlan plan, PlanSource source)
    {
        PlanTask task = plan.Task;
        EnergyOutcome learned = plan.Learned;
        double spent = 0;
        for (int i = 0; i < task.Layout.Layers; i++)
        {
            spent += SpentBy(plan, i);
        }

        return new PlanFile
        {
            Schema = PlanFile.CurrentSchema,
            Model = new PlanModel(task.Network.Name, source.ModelSha256, source.ModelFile, task.Network.Classes, task.Network.AnalogNodes.Sum(node => node.Macs)),
            Data = new PlanData(task.Test.Name, source.DataDirectory, task.Learning.Count, plan.Splits.Search.Count, plan.Splits.Certification.Count)
            {
                LearningDirectory = source.LearningDirectory,
            },
            Noise = source.Noise,
            Grids = GridsOf(plan),
            Method = new PlanMethod(
                task.Method.Name, task.Method.Options, plan.Budget, plan.Method?.Cost.Forward ?? 0, plan.Method?.Cost.Backward ?? 0, plan.AllImages,
                plan.Method?.Seconds ?? 0, plan.Seconds, Finite(plan.Method?.Residual), Finite(plan.Method?.LayerResidual), learned.Point.GapBound)
            {
                LargestEnergy = task.LargestEnergy,
            },
            Granularity = NameOf(task.Layout.Granularity),
            Energy = new PlanEnergy(
                learned.Energy, Finite(learned.EnergyInterval.Low), Finite(learned.EnergyInterval.High),
                plan.Uniform.Energy, Finite(plan.Uniform.EnergyInterval.Low), Finite(plan.Uniform.EnergyInterval.High),
                plan.Ratio.Value, Finite(plan.Ratio.Interval.Low), Finite(plan.Ratio.Interval.High), plan.Ratio.Level),
            Prediction = new PlanPrediction(learned.Reachable, learned.Drop, learned.DropStandardError, learned.PredictedAcceptance, task.Target, learned.Reason),
            Certificate = Of(plan.Certificate),
            Layers = [.. task.Network.AnalogNodes.Select((node, i) => new PlanLayer(
                node.Name, node.Operator, node.DotLength, node.Macs, node.Positions, node.Channels, task.Layout.PassesOf(i), ModeNames.Of(ModeOf(plan, i)),
                EnergiesOf(plan, i), learned.Point.Plan?.Layers[i] is { } whole ? Widened(whole.Repeats, EntriesOf(plan, i)) : null,
                SpentBy(plan, i) / spent, Finite(plan.NoiseBits[i].Bits)) { Digital = DigitalOf(plan, i), Declared = DeclaredOf(plan, i), RowStarts = task.Layout.RowStartsOf(i) })],
            Advice = plan.Advice,
            Points = [.. PointsOf("uniform", plan.Uniform), .. ReferenceEquals(plan.Uniform, learned) ? [] : PointsOf(task.Method.Name, learned)],
            Seeds = plan.Seeds,
            Code = source.Code,
            Assumptions = [.. Assumptions(plan, source)],
        };
    }

    /// <summary>Name of a granularity in plan files.</summary>
    public static string NameOf(Granularity granularity) => granularity switch
    {
        Granularity.Channel => "channel",
        Granularity.Rows => "rows",
        _ => "layer",
    };

    private static PlanCertificate Of(Certificate certificate) => new(
        certificate.Verdict switch { Verdict.Accept => "ACCEPT", Verdict.Reject => "REJECT", _ => "INCONCLUSIVE" },
        certificate.Examples,
        certificate.Draws,
        certificate.Target,
        certificate.Decision.Drop,
        certificate.Decision.Limits.Low,
        certificate.Decision.Limits.High,
        certificate.Energy.Interval.Low > 0 ? Math.Log(certificate.Energy.Interval.Low) : null,
        Finite(Math.Log(certificate.Energy.Interval.High)),
        certificate.Decision.ExamplesToDecide,
        certificate.Decision.Reason,
        certificate.Assumptions,
        1 - certificate.Alpha)
    {
        CleanAccuracy = certificate.CleanAccuracy,
        DropErrorImages = certificate.Observed.ImageError,
        DropErrorDraws = certificate.ProgrammingSigma > 0 ? certificate.Observed.DrawError : null,
        ProgrammingSigma = certificate.ProgrammingSigma > 0 ? certificate.ProgrammingSigma : null,
    };

    private static IEnumerable<PlanPoint> PointsOf(string family, EnergyOutcome outcome) => outcome.Points.Select(point =>
        new PlanPoint(family, point.Energy, point.Drop, point.Interval.Low, point.Interval.High, point.Images, point.Seeds));

    private static IEnumerable<string> Assumptions(LearnedPlan plan, PlanSource source)
    {
        if (plan.Task.Layout.Granularity == Granularity.Rows)
        {
            yield return "Row groups are read one by one and added up digitally, each with the full scales of its whole channel; how many K the averaging of a group pays back is not looked at.";
        }

        yield return $"Energy counts {plan.Task.EnergyUnit} per multiply-accumulate; converters, weight writing and digital operations are not in it.";
        if (plan.Task is { Method.TwoRounds: not null, Clips: null })
        {
            yield return $"Noise {source.Noise.Law} has no full scale to choose: gains and offsets alone were learned.";
        }

        yield return source.Noise.Kind == PlanNoise.OfLaw
            ? source.Noise.Profile is not null
                ? $"Noise {source.Noise.Law} as the authors' code draws it: N without groups, weight noise held over positions, taps on padding left out of the shot norm, ReLU for ReLU6; no device was measured. "
                    + "Learning draws weight noise once for 32 images as the code does, search and certificate for each example: the same expected accuracy, without its spread from batch to batch."
                : $"Noise {source.Noise.Law}: white, Gaussian, independent for every output element and read, falling as 1 / E without a floor; no device was measured."
            : $"Noise as calibrated on device {source.Noise.Device}{(source.Noise.Sigmas is null ? "" : ", every sigma at its upper confidence limit")}; it must not have changed since.";
        yield return "The energy's interval is that of the finite search split, 95 %: SE(ln E) = SE(drop) / |d drop / d ln E|.";
        if (plan.Task.QuantisedFrom is { } grids)
        {
            string rounded = $"inputs rounded to {grids.InputBits} bits, their ranges by {grids.Rule} of {grids.Images} calibration examples, and weights to {grids.WeightBits} bits per output channel";
            yield return plan.Method?.Learned.FullScales is null
                ? $"The network is one with {rounded}; drops count from it without noise."
                : $"Drops count from the network with {rounded}, without noise; the layers of this plan have full scales of their own instead.";
        }

        if (plan.Task.Network.DigitalProducts.Count > 0)
        {
            yield return $"{plan.Task.Network.DigitalProducts.Count} products of two activations are digital: without noise, and not in the energy.";
        }

        if (plan.Learned.Point.Network is not null)
        {
            yield return "The digital gains and offsets of the layers and, where given, their full scales are part of the plan: without them its energies mean nothing.";
        }

        yield return $"Certificate: {plan.Certificate.Assumptions}.";
    }

    private static PlanDigital? DigitalOf(LearnedPlan plan, int layer) => plan.Learned.Point.Network is null || plan.Method?.Learned.CorrectionOf(layer) is not { } correction
        ? null
        : new PlanDigital(
            [.. correction.Gain.Select(gain => (double)gain)],
            [.. correction.Offset.Select(offset => (double)offset)],
            plan.Method.Learned.FullScales?.Nodes[layer] is { Input: { } input, Weights: { Count: > 0 } weights }
                ? new PlanFullScale(input.Low, input.High, input.Bits, [.. weights.Select(grid => (double)grid.Low)], [.. weights.Select(grid => (double)grid.High)], weights[0].Bits)
                : null);

    private static PlanGrids? GridsOf(LearnedPlan plan)
    {
        if (plan.Task.QuantisedFrom is not { } source || plan.Rounding is not { } rounding)
        {
            return null;
        }

        Interval loss = TangoInterval.Of(rounding.Counts, 0.95);
        return new PlanGrids(
            source.Rule, source.InputBits, source.WeightBits, source.Images, (int)rounding.Counts.Total, rounding.FloatAccuracy, rounding.Accuracy, loss.Low, loss.High);
    }

    private static RedundancyMode ModeOf(LearnedPlan plan, int layer) => plan.Learned.Point.Plan?.Layers[layer].Mode ?? plan.Task.Layout.Mode;

    // Of whole K per layer on a device.
    private static PlanDeclared? DeclaredOf(LearnedPlan plan, int layer)
    {
        if (plan.Task.Device is not { } device || plan.Learned.Point.Plan?.Layers[layer] is not { Repeats: [int repeats], RowStarts.IsEmpty: true } whole)
        {
            return null;
        }

        LayerMode declared = ModeOptions.Declared(device, layer, whole.Mode, repeats);
        return new PlanDeclared(declared.Joules, declared.Seconds, declared.Cells) { ConverterJoules = declared.ConverterJoules };
    }

    private static ImmutableArray<double> EnergiesOf(LearnedPlan plan, int layer) => Widened([.. plan.Learned.Point.Layers[layer]], EntriesOf(plan, layer));

    private static int EntriesOf(LearnedPlan plan, int layer) => plan.Task.Layout.EntriesOf(layer);

    // The same value for all channels may be told once.
    private static ImmutableArray<T> Widened<T>(ImmutableArray<T> values, int entries) =>
        values.Length == entries ? values : [.. Enumerable.Repeat(values[0], entries)];

    private static double SpentBy(LearnedPlan plan, int layer) =>
        plan.Task.Layout.MeanEnergyOf(layer, plan.Learned.Point.Layers[layer]) * plan.Task.Network.AnalogNodes[layer].Macs * plan.Task.Layout.PassesOf(layer);

    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;
}
