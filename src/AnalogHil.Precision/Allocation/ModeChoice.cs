using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Allocation;

/// <summary>
/// Chooses mode and K of every layer for the least declared energy within a loss, a time and an area: prices of time and area are raised until both
/// fit, the price of loss is bisected for each pair of them, and what the prices leave is spent by exchanging single layers.
/// </summary>
public static class ModeChoice
{
    private const int Rounds = 4;
    private const int Halvings = 60;

    /// <summary>Chooses for a network on a device.</summary>
    /// <param name="network">The network on the device, one copy of each layer.</param>
    /// <param name="sensitivities">Loss of each part of the noise, one entry for each layer.</param>
    /// <param name="request">Loss, time, area; an infinite area is taken as all cells of the device.</param>
    /// <exception cref="PrecisionException">No choice fits.</exception>
    public static ModePlan Choose(NetworkOnDevice network, TermSensitivities sensitivities, ModeRequest request)
    {
        double all = (double)network.Capabilities.Rows * network.Capabilities.Columns * network.Capabilities.Tiles;
        (LayerMode[] layers, double bound) = Choose(ModeOptions.Of(network, sensitivities, request.LargestRepeats), request with { Cells = Math.Min(request.Cells, all) });
        return new ModePlan(
            [.. layers],
            new PrecisionPlan([.. layers.Select((mode, layer) =>
            {
                AnalogNode node = network.Nodes[layer];
                return new LayerPlan(node.Name, node.DotLength, node.Macs, [mode.Repeats], mode.Mode) { Passes = network.Scales[layer].Passes };
            })]),
            bound);
    }

    /// <summary>Chooses among given options.</summary>
    /// <param name="options">[layer][option], at least one each.</param>
    /// <param name="request">Loss, time, area.</param>
    /// <returns>One option of each layer, and a lower bound of the energy.</returns>
    /// <exception cref="PrecisionException">No choice fits.</exception>
    public static (LayerMode[] Layers, double LowerBound) Choose(IReadOnlyList<LayerMode[]> options, ModeRequest request)
    {
        CheckAlone(options, request);
        double timePrice = 0;
        double areaPrice = 0;
        double bound = 0;
        LayerMode[] chosen = Solve(options, request, timePrice, areaPrice, ref bound);
        for (int round = 0; round < Rounds && !Fits(chosen, request); round++)
        {
            // One price after the other, each at its smallest value that fits while the other stays.
            areaPrice = Smallest(price => Solve(options, request, timePrice, price, ref bound).Sum(layer => layer.Cells) <= request.Cells, areaPrice, Scale(chosen, layer => layer.Cells));
            timePrice = Smallest(price => Solve(options, request, price, areaPrice, ref bound).Sum(layer => layer.Seconds) <= request.Seconds, timePrice, Scale(chosen, layer => layer.Seconds));
            chosen = Solve(options, request, timePrice, areaPrice, ref bound);
        }

        if (!Fits(chosen, request))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no redundancy found within all limits: loss {chosen.Sum(layer => layer.Loss):G4} of {request.Loss:G4} nats takes {chosen.Sum(layer => layer.Seconds):G4} of {request.Seconds:G4} s and {chosen.Sum(layer => layer.Cells):G4} of {request.Cells:G4} cells; allow a larger loss, more time or more cells"));
        }

        Exchange(options, request, chosen);
        return (chosen, Math.Min(bound, chosen.Sum(layer => layer.Joules)));
    }

    private static bool Fits(LayerMode[] layers, ModeRequest request) =>
        layers.Sum(layer => layer.Loss) <= request.Loss * (1 + 1e-9)
            && layers.Sum(layer => layer.Seconds) <= request.Seconds * (1 + 1e-9)
            && layers.Sum(layer => layer.Cells) <= request.Cells * (1 + 1e-9);

    private static LayerMode[] Solve(
        IReadOnlyList<LayerMode[]> options, ModeRequest request, double timePrice, double areaPrice, ref double bound)
    {
        ChosenOptions chosen = MultipleChoice.LeastCost(
            [
                .. options.Select(layer => layer.Select(option => new AllocationOption(
                    option.Joules + timePrice * option.Seconds + areaPrice * option.Cells, option.Loss)).ToArray()),
            ],
            request.Loss);

        // The dual: energy of the relaxed problem less what the prices would pay for the limits.
        double dual = chosen.LowerBound
            - (timePrice > 0 ? timePrice * request.Seconds : 0) - (areaPrice > 0 ? areaPrice * request.Cells : 0);
        bound = Math.Max(bound, dual);
        return [.. chosen.Choice.Select((option, layer) => options[layer][option])];
    }

    // A price at which the energy of the choice and the resource weigh alike.
    private static double Scale(LayerMode[] layers, Func<LayerMode, double> resource) =>
        layers.Sum(layer => layer.Joules) / Math.Max(layers.Sum(resource), double.Epsilon);

    private static double Smallest(Func<double, bool> fits, double present, double scale)
    {
        if (fits(0))
        {
            return 0;
        }

        double low = 0;
        double high = Math.Max(present, 1e-3 * (scale > 0 ? scale : 1));
        for (int i = 0; i < Halvings && !fits(high); i++)
        {
            low = high;
            high *= 4;
        }

        for (int i = 0; i < Halvings && high - low > 1e-9 * high; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = fits(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    // Single layers that can do with less energy within what is left of the limits.
    private static void Exchange(IReadOnlyList<LayerMode[]> options, ModeRequest request, LayerMode[] chosen)
    {
        bool better = true;
        while (better)
        {
            better = false;
            for (int layer = 0; layer < chosen.Length; layer++)
            {
                foreach (LayerMode option in options[layer].Where(option => option.Joules < chosen[layer].Joules * (1 - 1e-12)))
                {
                    LayerMode before = chosen[layer];
                    chosen[layer] = option;
                    if (option.Joules < before.Joules && Fits(chosen, request))
                    {
                        better = true;
                    }
                    else
                    {
                        chosen[layer] = before;
                    }
                }
            }
        }
    }

    private static void CheckAlone(IReadOnlyList<LayerMode[]> options, ModeRequest request)
    {
        Check(layer => layer.Loss, request.Loss, "nats of loss", "a floor that repeats do not remove: allow a larger loss or use a quieter device");
        Check(layer => layer.Seconds, request.Seconds, "seconds", "allow more time");
        Check(layer => layer.Cells, request.Cells, "cells", "free cells or use a larger device");

        void Check(Func<LayerMode, double> amount, double limit, string what, string remedy)
        {
            double least = options.Sum(layer => layer.Min(amount));
            if (!(least <= limit * (1 + 1e-9)))
            {
                throw new PrecisionException(
                    PrecisionFault.Budget,
                    string.Create(CultureInfo.InvariantCulture, $"the least that any redundancy takes is {least:G4} {what}, more than the {limit:G4} allowed; {remedy}"));
            }
        }
    }
}
