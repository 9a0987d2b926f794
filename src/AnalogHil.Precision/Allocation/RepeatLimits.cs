using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Allocation;

/// <summary>
/// The largest K of each entry that its averaging law pays back: beyond it one more per cent of energy removes less than a twentieth of a per cent of
/// the entry's noise, because what is left is floor or is correlated between reads.
/// </summary>
/// <param name="Largest">[entry] K, 1 to the device's limit.</param>
/// <param name="FloorShare">[entry] share of one read's loss that no K removes.</param>
/// <param name="DeviceLimit">K_max of the device.</param>
public sealed record RepeatLimits(ImmutableArray<int> Largest, ImmutableArray<double> FloorShare, int DeviceLimit)
{
    /// <summary>Least -d ln Loss / d ln K that pays: 5 % of what white noise gives, 3.4 % of the noise for twice the energy.</summary>
    public const double LeastReturn = 0.05;

    /// <summary>Whether any entry is held below the device's limit.</summary>
    public bool Binds => Largest.Any(limit => limit < DeviceLimit);

    /// <summary>Finds the limits.</summary>
    /// <param name="sensitivities">Loss of each part of the noise.</param>
    /// <param name="mode">How repeats are made.</param>
    /// <param name="deviceLimit">K_max of the device.</param>
    public static RepeatLimits Of(TermSensitivities sensitivities, RedundancyMode mode, int deviceLimit)
    {
        var largest = ImmutableArray.CreateBuilder<int>(sensitivities.Count);
        var floors = ImmutableArray.CreateBuilder<double>(sensitivities.Count);
        for (int j = 0; j < sensitivities.Count; j++)
        {
            int limit = 1;
            double one = sensitivities.Loss(j, 1, mode);
            double below = one;
            for (int k = 2; k <= deviceLimit; k++)
            {
                double loss = sensitivities.Loss(j, k, mode);
                bool pays = loss > 0 ? Math.Log(below / loss) >= LeastReturn * Math.Log(k / (k - 1.0)) : below > 0;
                limit = pays ? k : limit;
                below = loss;
            }

            double part = sensitivities.Loss(j, 1e9, mode);
            largest.Add(one > 0 ? limit : deviceLimit);
            floors.Add(one > 0 ? part / one : 0);
        }

        return new RepeatLimits(largest.MoveToImmutable(), floors.MoveToImmutable(), deviceLimit);
    }

    /// <summary>One sentence for each layer that is held below the device's limit.</summary>
    /// <param name="layout">The layout of the entries.</param>
    /// <param name="names">Names of the layers.</param>
    public ImmutableArray<string> Sentences(PlanLayout layout, IReadOnlyList<string> names)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        foreach (IGrouping<int, int> layer in Enumerable.Range(0, Largest.Length).Where(j => Largest[j] < DeviceLimit).GroupBy(layout.LayerOf))
        {
            int limit = layer.Max(j => Largest[j]);
            double floor = layer.Average(j => FloorShare[j]);
            sentences.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"layer {names[layer.Key]}: K stays at or below {limit} of the device's {DeviceLimit}, for beyond it twice the energy removes less than 3.4 % of the noise ({100 * floor:0.#} % of one read's is a floor that no K removes)"));
        }

        return sentences.ToImmutable();
    }
}
