using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Bits;

/// <summary>
/// Chooses bits of inputs, weights and read-outs and K of every layer for a network on a measured device (<see cref="JointChoice"/>), and tries the choice on
/// examples beside the plan in use: inputs and weights on their grids, the noise at the K chosen, and what coarser read-outs add to it.
/// </summary>
public static class BitStudy
{
    private const int Batch = 50;

    // K that differ by less are alike to the loss; all of them would be thousands of options a layer.
    private const double RepeatStep = 1.04;

    /// <summary>Measures, chooses and tries.</summary>
    /// <param name="task">What for.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">
    /// The plan has other entries than layers or repeats that are not read and averaged, a layer multiplies two activations, or nothing fits the energy.
    /// </exception>
    public static BitStudyResult Run(BitTask task, CancellationToken cancellationToken)
    {
        if (!task.Plan.Layers.Select(layer => layer.Layer).SequenceEqual(task.Network.AnalogNodes.Select(node => node.Name)))
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"the plan is for {task.Plan.Layers.Length} products from {task.Plan.Layers.FirstOrDefault()?.Layer} on, the network has "
                    + $"{task.Network.AnalogNodes.Count} from {task.Network.AnalogNodes[0].Name} on; give the plan of this network");
        }

        if (task.Plan.Layers.FirstOrDefault(layer => layer.Repeats.Length != 1) is { } several)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"bits are chosen with one K for a layer, and {several.Layer} has {several.Repeats.Length}; learn the plan with one energy for each layer");
        }

        if (task.Plan.Layers.FirstOrDefault(layer => layer.Mode != RedundancyMode.ReadAndAverage) is { } other)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"bits are chosen for repeats that are converted one by one and averaged, and the plan of {other.Layer} has {other.Mode}, which converts "
                    + "otherwise; give a plan of a device that reads and averages");
        }

        (LayerBitLosses Losses, LayerBitCosts Costs)[] problem = BitProblem.Of(
            task.Network, task.Device, task.Noise, task.Learning,
            new LearningOptions { SensitivityImages = task.SensitivityImages, Seed = task.Seed }, cancellationToken);
        BitPlan inUse = InUse(task, problem);
        BitGrid grid = GridOf(task, inUse);
        BitPlan chosen = task.Joules is { } joules
            ? JointChoice.LeastLoss(problem, grid, joules)
            : JointChoice.LeastEnergy(problem, grid, inUse.Loss * (1 + 1e-9));
        bool[] clean = Correctness.Of(task.Network, task.Trial, null, task.Seed, Batch, cancellationToken);
        bool[] before = Try(task, inUse, cancellationToken);
        bool[] after = Try(task, chosen, cancellationToken);
        return new BitStudyResult(
            chosen, inUse, Correctness.Share(clean), PairedCounts.Of(clean, before), PairedCounts.Of(clean, after), PairedCounts.Of(before, after));
    }

    private static BitPlan InUse(BitTask task, (LayerBitLosses Losses, LayerBitCosts Costs)[] problem)
    {
        (int input, int output) = BitsOf(task.Device.Capabilities);
        return new BitPlan(
            [
                .. problem.Select((layer, i) =>
                {
                    double repeats = task.Plan.Layers[i].Repeats[0];
                    return new LayerBits(
                        input, input, output, repeats, layer.Costs.At(input, input, output, repeats), layer.Losses.At(input, input, output, repeats));
                }),
            ],
            double.NegativeInfinity);
    }

    // A converter can be run at fewer bits than it has, not at more.
    private static BitGrid GridOf(BitTask task, BitPlan inUse)
    {
        LayerBits has = inUse.Layers[0];
        int[] inputs = UpTo(task.FewestBits, has.InputBits);
        int[] outputs = has.OutputBits == 0 ? [0] : UpTo(task.FewestBits, has.OutputBits);
        var repeats = new SortedSet<double>(inUse.Layers.Select(layer => layer.Energy).Where(k => k <= task.LargestRepeats)) { 1, task.LargestRepeats };
        for (double k = 1; k < task.LargestRepeats; k = Math.Max(k + 1, Math.Floor(k * RepeatStep)))
        {
            repeats.Add(k);
        }

        return new BitGrid([.. inputs], [.. inputs], [.. outputs], [.. repeats]);
    }

    private static int[] UpTo(int fewest, int most) => [.. Enumerable.Range(Math.Min(fewest, most), most - Math.Min(fewest, most) + 1)];

    private static (int Input, int Output) BitsOf(DeviceCapabilities can) => (can.DacBits == 0 ? BitTask.UsualBits : can.DacBits, can.AdcBits);

    private static bool[] Try(BitTask task, BitPlan bits, CancellationToken cancellationToken)
    {
        OnnxNetwork network = bits.Quantise(
            task.Network, task.Learning, Math.Min(task.SensitivityImages, task.Learning.Count), new QuantisationOptions());

        // The grid rounds the inputs here; the device's own rounding of them would count twice.
        NoiseProfile profile = task.Noise.Profile with { FullScale = task.Noise.Profile.FullScale with { InputStep = 0 } };
        NodeNoise[] noise = new NoiseModel(task.Noise.Scales, profile).At([.. bits.Layers.Select(layer => new[] { layer.Energy })]);
        (_, int declared) = BitsOf(task.Device.Capabilities);
        for (int layer = 0; layer < noise.Length; layer++)
        {
            AddRounding(noise[layer].Variance, task, layer, bits.Layers[layer], declared);
        }

        return Correctness.Of(network, task.Trial, noise, task.Seed, Batch, cancellationToken);
    }

    // Measured noise holds the rounding of the converter as it is; fewer bits add the difference.
    private static void AddRounding(ElementVariance variance, BitTask task, int layer, LayerBits bits, int declared)
    {
        if (bits.OutputBits == declared)
        {
            return;
        }

        ElementVariance whole = BitProblem.OutputRounding(task.Device.Scales[layer], task.Device.Capabilities.AdcFullScale);
        double share = (1 / Squared(bits.OutputBits) - 1 / Squared(declared)) / bits.Energy;
        for (int channel = 0; channel < variance.Channels; channel++)
        {
            variance.Constant[channel] += (float)(whole.Constant[channel] * share);
        }

        static double Squared(int bits) => Math.Pow(Math.Pow(2, bits) - 1, 2);
    }
}
