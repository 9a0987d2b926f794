using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>Compares plans of one network under one noise at equal drop: a statement about these examples, with paired noise draws.</summary>
public static class PlanComparison
{
    /// <summary>Measures the energy at which the shape of each plan loses the drop.</summary>
    /// <param name="plans">Plans of the same network.</param>
    /// <param name="network">The network.</param>
    /// <param name="noise">The noise of all of them.</param>
    /// <param name="layout">The layout of a granularity.</param>
    /// <param name="images">The fixed set.</param>
    /// <param name="drop">Drop at which energies are compared, a fraction.</param>
    /// <param name="draws">R, at least 5.</param>
    /// <param name="largest">Largest E of one entry.</param>
    /// <param name="variantOf">The network of a plan with full scales or corrections of its own, or noise of its own as one by row groups has.</param>
    /// <param name="progress">Told how many plans are done, and the name of the next.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">A plan is for another network, or there are too few draws.</exception>
    public static ImmutableArray<ComparedPlan> Run(
        IReadOnlyList<PlanFile> plans, INetwork network, INoiseModel noise, Func<Granularity, PlanLayout> layout, LabelledImages images,
        double drop, int draws, double largest, Func<PlanFile, PlanVariant?> variantOf, Action<int, string>? progress, CancellationToken cancellationToken)
    {
        foreach (PlanFile plan in plans)
        {
            RequireSame(plan, network);
        }

        bool whole = plans.Any(plan => plan.Layers[0].Repeats is not null);
        var comparison = new FixedSetComparison(network, noise, images, new FixedSetOptions
        {
            Drop = drop, Seeds = draws, Lowest = whole ? 1 : Math.Max(1e-3, noise.LeastEnergy), Highest = largest, Guess = Math.Max(1, plans[0].Energy.PerMac),
        });
        var compared = ImmutableArray.CreateBuilder<ComparedPlan>(plans.Count);
        FixedSetEnergy? first = null;
        foreach (PlanFile plan in plans)
        {
            progress?.Invoke(compared.Count, plan.Method.Name);
            PlanLayout entries = plan.Granularity == "rows"
                ? new PlanLayout(network.AnalogNodes, [.. plan.Layers.Select(layer => layer.RowStarts!.Value.ToArray())], RedundancyMode.ReadAndAverage)
                : layout(plan.Granularity == "channel" ? Granularity.Channel : Granularity.Layer);
            double[] shape = [.. plan.Layers.SelectMany(layer => layer.Energy)];
            IEnergyFamily family = plan.Layers[0].Repeats is not null
                ? new IntegerFamily(plan.Method.Name, entries, shape, (int)largest)
                : new ShapeFamily(plan.Method.Name, entries, shape, noise.LeastEnergy, largest);
            if (variantOf(plan) is { } variant)
            {
                family = new VariantFamily(plan.Method.Name, family, variant.Network, variant.Noise);
            }

            FixedSetEnergy energy = comparison.Measure(family, cancellationToken);
            first ??= energy;
            compared.Add(new ComparedPlan(plan, energy, FixedSetComparison.Ratio(energy, first)));
        }

        return compared.MoveToImmutable();
    }

    private static void RequireSame(PlanFile plan, INetwork network)
    {
        string[] names = [.. network.AnalogNodes.Select(node => node.Name)];
        if (!plan.Layers.Select(layer => layer.Name).SequenceEqual(names))
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"the plan of {plan.Model.Name} ({plan.Method.Name}) has the layers {string.Join(", ", plan.Layers.Take(3).Select(layer => layer.Name))} ... ({plan.Layers.Length}), {network.Name} has {names.Length} analog products from {names.FirstOrDefault()} on; give plans of this network");
        }
    }
}
