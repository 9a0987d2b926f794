using AnalogHil.Core.Plans;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;

namespace AnalogHil.PaperStudy.Tests;

public sealed class PaperSearchTests
{
    [Theory]
    [InlineData(0.9, "in 2 trainings; the cheapest above the target is kept, ")]
    [InlineData(-0.5, "in 2 trainings; none met the target, the last is kept, ")] // more right than all of them
    public void Run_WhereTheRuleAcceptsNone_SaysWhichTrainingIsKept(double drop, string said)
    {
        string root = RepositoryRoot.Find();
        var network = LoadedNetwork.Load(NetworkCatalogue.All(root, "data", reduced: true)[0], Path.Combine(root, "config", "preprocessing"), 1);
        LawCase law = LawCase.For(grouped: false).Single(one => one.Id == "weight");
        ReferenceNoiseModel noise = network.NoiseOf(law);
        var layout = new PlanLayout(network.Float.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var search = new PaperSearch(network, law, noise, StudySettings.Reduced with { Drop = drop }, _ => { });

        PaperSearchResult found = search.Run(
            law.Recipe with { Steps = 2 }, layout, new MethodTask(network.For(law), noise, layout, network.Learning), 100, default);

        Assert.Contains(said, found.Note, StringComparison.Ordinal);
        Assert.Equal(layout.MeanEnergy(found.Energy), found.Cost.MeanEnergy, 1e-9 * found.Cost.MeanEnergy);
    }
}
