using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Equivalence;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Cli.Models;

/// <summary>Judges a network with its outputs rounded to few bits and with noise of as many.</summary>
internal static class LowBitStudy
{
    private const int Batch = 32;

    /// <summary>Runs it; computes for seconds to hours without giving up the thread.</summary>
    /// <param name="request">What for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told passes that are done and all of them, one for each image and draw, and the time so far.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="CliException">The plan is not for this network, or has no noise bits that mean something in it.</exception>
    public static LowBitResult Run(LowBitRequest request, TimeProvider time, Action<long, long, TimeSpan> progress, CancellationToken cancellationToken)
    {
        EvaluationRequest asked = request.Images;
        OnnxNetwork network = OnnxNetwork.Load(asked.ModelPath, new EngineOptions { Threads = asked.Threads });
        if (network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations))
        {
            // As in hil model eval and in plans: the devices there are hold one operand.
            network = network.WithDigitalActivationProducts();
        }

        double[]? ofPlan = request.Plan is { } plan ? BitsOf(plan, request.PlanPath!, network) : null;
        if (request.Plan?.Noise.Profile is not null)
        {
            network = network.WithReluForRelu6().Network;
        }

        LabelledImages judged = ObservedImages.Judged(asked, network);
        LabelledImages observed = ObservedImages.Calibration(
            asked, network, NoiseBitsMeter.UsualImages, "the steps and the noise of so many bits need the ranges of the layers' outputs");
        double[][] wanted = [.. request.Bits.Select(bits => Enumerable.Repeat(bits, network.AnalogNodes.Count).ToArray()), .. ofPlan is null ? [] : (double[][])[ofPlan]];
        long passes = (long)wanted.Length * (1 + request.Draws) * judged.Count;
        long done = 0;
        long start = time.GetTimestamp();
        var equivalence = new LowBitEquivalence(network, Batch, asked.Seed, images => progress(done += images, passes, time.GetElapsedTime(start)));
        OutputRange[] ranges = equivalence.ObserveRanges(observed.Pixels, observed.Count, cancellationToken);
        var rows = new List<LowBitRow>();
        for (int i = 0; i < wanted.Length; i++)
        {
            LowBitPoint point = equivalence.RunAsync(ranges, wanted[i], judged, request.Draws, cancellationToken).GetAwaiter().GetResult();
            rows.Add(new LowBitRow(i >= request.Bits.Length, point));
        }

        return new LowBitResult(network, judged, observed, rows, time.GetElapsedTime(start));
    }

    private static double[] BitsOf(PlanFile plan, string path, OnnxNetwork network)
    {
        if (plan.Model.Sha256 != network.Sha256)
        {
            throw new CliException(
                ExitCode.DoesNotFit, $"{path} is for the model {plan.Model.Sha256}, {network.Name} has the SHA-256 {network.Sha256}; give the model that the plan is for");
        }

        if (plan.Layers.Any(layer => layer.Digital is not null))
        {
            throw new CliException(
                ExitCode.DoesNotFit,
                $"{path} was learned with full scales or digital gains of its own, and its noise bits are of the ranges there, not of the model's own; give a plan of another method, "
                    + "or numbers of bits with --bits");
        }

        if (plan.Grids is not null)
        {
            throw new CliException(
                ExitCode.DoesNotFit,
                $"{path} was learned for the network on grids ({plan.Grids.Rule}), and its noise bits are of the ranges there, not of the model's own; give a plan "
                    + "learned without --quantised, or numbers of bits with --bits");
        }

        if (!plan.Layers.Select(layer => layer.Name).SequenceEqual(network.AnalogNodes.Select(node => node.Name)))
        {
            throw new CliException(
                ExitCode.DoesNotFit,
                $"{path} has {plan.Layers.Length} layers, which are not the {network.AnalogNodes.Count} analog products of {network.Name}; learn the plan anew with hil plan learn");
        }

        return [.. plan.Layers.Select(layer => layer.NoiseBits ?? throw new CliException(
            ExitCode.DoesNotFit,
            $"{path} holds no noise bits of layer {layer.Name}: it has no noise, or was not measured; learn the plan with hil plan learn, or give numbers of bits with --bits"))];
    }
}
