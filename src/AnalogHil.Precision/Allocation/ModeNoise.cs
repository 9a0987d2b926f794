using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Allocation;

/// <summary>Measured noise of a network each of whose layers makes its repeats in a way of its own (<see cref="ModeAveraging"/>).</summary>
public sealed class ModeNoise : INoiseModel
{
    private readonly NoiseModel[] _models;
    private readonly NodeNoise?[] _converter;

    /// <summary>Binds the modes.</summary>
    /// <param name="measured">The noise, with the averaging measured in time.</param>
    /// <param name="measuredIn">How repeats were made when it was measured.</param>
    /// <param name="modes">How each layer makes its repeats.</param>
    public ModeNoise(NoiseModel measured, RedundancyMode measuredIn, IReadOnlyList<RedundancyMode> modes)
    {
        bool[] once = [.. modes.Select(mode => ModeAveraging.ConvertsOnce(mode, measuredIn))];
        _models =
        [
            .. modes.Select((mode, layer) => new NoiseModel([measured.Scales[layer]], WithoutStep(ModeAveraging.Profile(measured.Profile, mode), once[layer]))),
        ];

        // The converter's rounding alone, one read: what accumulated reads keep whatever K is.
        var rounding = new NoiseModel(measured.Scales, new NoiseProfile(measured.Profile.FullScale with { InputStep = 0 }, []));
        NodeNoise[] conversion = rounding.At(rounding.Ones());
        _converter = [.. once.Select((one, layer) => one ? conversion[layer] : null)];
    }

    /// <inheritdoc/>
    public int Layers => _models.Length;

    /// <inheritdoc/>
    public double LeastEnergy => 1;

    /// <inheritdoc/>
    public NodeNoise[] At(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        var nodes = new NodeNoise[_models.Length];
        for (int layer = 0; layer < nodes.Length; layer++)
        {
            nodes[layer] = _models[layer].At([energy[layer]])[0];
            if (_converter[layer] is { } rounding)
            {
                for (int channel = 0; channel < nodes[layer].Variance.Channels; channel++)
                {
                    nodes[layer].Variance.Constant[channel] += rounding.Variance.Constant[channel];
                }
            }
        }

        return nodes;
    }

    /// <inheritdoc/>
    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        return [.. _models.Select((model, layer) => model.AveragingPartOfOneRead([energy[layer]])[0])];
    }

    /// <inheritdoc/>
    public double[][] Ones() => [.. _models.Select(_ => new double[] { 1 })];

    private static NoiseProfile WithoutStep(NoiseProfile profile, bool without) => without
        ? profile with { FullScale = profile.FullScale with { QuantiserStep = 0 } }
        : profile;

    private void CheckCount(int count)
    {
        if (count != _models.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"repeats of {count} layers were given, the network has {_models.Length} analog products; use a plan of this network");
        }
    }
}
