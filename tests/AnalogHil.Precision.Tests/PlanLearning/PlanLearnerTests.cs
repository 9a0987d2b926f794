using AnalogHil.Core.Plans;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Tests.Methods;

namespace AnalogHil.Precision.Tests.PlanLearning;

public sealed class PlanLearnerTests
{
    private static readonly PlanSource Source = new(
        new string('c', 64), null, null, new PlanNoise(PlanNoise.OfLaw, "weight:0.1", [], null, null, null, "reads per MAC"), new PlanCode("test", "0", ""));

    [Theory]
    [InlineData("ours", Granularity.Layer)]
    [InlineData("integer", Granularity.Channel)]
    [InlineData("rounded-ours", Granularity.Layer)]
    public void Learn_ToyNetwork_SavesEnergyAndItsFileHoldsTheSameFigures(string method, Granularity granularity)
    {
        LearnedPlan plan = PlanLearner.Learn(Task(method, granularity), null, CancellationToken.None);
        PlanFile file = PlanFileJson.Deserialize(PlanFileJson.Serialize(PlanFileBuilder.Of(plan, Source)), "test");

        Assert.True(plan.Learned.Reachable, plan.Learned.Reason);
        Assert.True(plan.Ratio.Value < 1, $"{plan.Learned.Energy} against {plan.Uniform.Energy}");
        Assert.Equal(plan.Learned.Energy, file.Energy.PerMac);
        Assert.Equal(plan.Certificate.Decision.Drop, file.Certificate!.Drop);
        Assert.Equal(plan.Splits.Certification.Count, file.Certificate.Examples);
        Assert.Equal(plan.Certificate.CleanAccuracy, file.Certificate.CleanAccuracy);
        Assert.Equal(plan.Certificate.CleanAccuracy, Correctness.Share(Correctness.Of(plan.Task.Network, plan.Splits.Certification, null, 0, 100, default)), 12);
        Assert.Equal(1, file.Layers.Sum(layer => layer.EnergyShare), 9);
        Assert.Equal(plan.Uniform.Points.Length + plan.Learned.Points.Length, file.Points.Length);
        Assert.Equal(method != "ours", file.Layers[0].Repeats is not null);
        Assert.Equal(granularity == Granularity.Channel ? file.Layers[0].Channels : 1, file.Layers[0].Energy.Length);
        Assert.True(file.Method.AllImages > file.Method.ImagesForward + file.Method.ImagesBackward);
    }

    [Fact]
    public void Learn_SameSeed_GivesTheSamePlan()
    {
        PlanFile[] files = [.. Enumerable.Range(0, 2).Select(_ => PlanFileBuilder.Of(PlanLearner.Learn(Task("ours", Granularity.Layer), null, CancellationToken.None), Source))];

        Assert.Equal(files[0].Layers.SelectMany(layer => layer.Energy), files[1].Layers.SelectMany(layer => layer.Energy));
        Assert.Equal(files[0].Certificate, files[1].Certificate);
    }

    [Theory]
    [InlineData(0.05, 0.95)]
    [InlineData(0.025, 0.975)]
    public void Learn_AtALevel_WritesItBesideTheVerdict(double alpha, double level)
    {
        LearnedPlan plan = PlanLearner.Learn(Task("uniform", Granularity.Layer) with { Alpha = alpha }, null, CancellationToken.None);

        Assert.Equal(level, PlanFileBuilder.Of(plan, Source).Certificate!.Level, 12);
    }

    [Fact]
    public void Learn_BudgetBelowOneReadInWholeK_IsRefusedBeforeAnyImage()
    {
        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => PlanLearner.Learn(Task("integer", Granularity.Layer) with { Budget = 0.5 }, null, CancellationToken.None));

        Assert.Equal(PrecisionFault.Budget, refused.Fault);
        Assert.Contains("0.5 reads per MAC is below 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Granularity.Channel, 0, "learn per layer")]
    [InlineData(Granularity.Layer, 0.01, "programming error")]
    public void Learn_IntensityNoiseWhereItIsNotModelled_IsRefusedBeforeAnyImage(Granularity granularity, double programming, string said)
    {
        PlanTask task = Task("ours", granularity);
        Assert.True(ReferenceLaws.TryParse("rin:0.05", out ReferenceLaws? laws, out _));
        PrecisionException refused = Assert.Throws<PrecisionException>(() => PlanLearner.Learn(
            task with
            {
                Noise = WrittenLawNoise.Create(task.Network, laws, task.Learning.Pixels, 1),
                Draws = new CertificationDraws(programming > 0 ? 10 : 1) { ProgrammingSigma = programming },
            },
            null,
            CancellationToken.None));
        Assert.Contains("intensity noise (rin)", refused.Message, StringComparison.Ordinal);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_TooFewImagesToCertify_IsRefusedWithTheNumberNeeded()
    {
        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => PlanLearner.Learn(Task("ours", Granularity.Layer) with { MaxImages = 250, Target = 0.001 }, null, CancellationToken.None));

        Assert.Equal(PrecisionFault.Data, refused.Fault);
        Assert.Contains("too few to certify a drop below 0.10 points", refused.Message, StringComparison.Ordinal);
        Assert.Contains("give at least", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_LabelsOfOtherClasses_AreRefused()
    {
        PlanTask task = Task("ours", Granularity.Layer);
        int[] labels = [.. task.Test.Labels];
        labels[3] = 77;

        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => PlanLearner.Learn(task with { Test = task.Test with { Labels = labels } }, null, CancellationToken.None));

        Assert.Contains("label 77", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_LabelsInAnotherOrder_AreRefusedThoughNoiseWouldLoseNothing()
    {
        PlanTask task = Task("ours", Granularity.Layer);
        int[] labels = [.. task.Test.Labels.Skip(1), task.Test.Labels[0]];

        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => PlanLearner.Learn(task with { Test = task.Test with { Labels = labels } }, null, CancellationToken.None));

        Assert.Equal(PrecisionFault.Data, refused.Fault);
        Assert.Contains("with their labels in any order: a drop from there says nothing; check that the labels belong", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_LargestEnergyTooSmall_SaysSoAndIsNotAccepted()
    {
        LearnedPlan plan = PlanLearner.Learn(Task("ours", Granularity.Layer) with { LargestEnergy = 0.01 }, null, CancellationToken.None);
        PlanFile file = PlanFileBuilder.Of(plan, Source);

        Assert.False(file.Prediction.Reachable);
        Assert.Null(plan.Method);
        Assert.Contains("allow a larger drop", file.Prediction.Reason, StringComparison.Ordinal);
        Assert.NotEqual("ACCEPT", file.Certificate!.Verdict);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0.5)]
    public void Learn_EnergyCeiling_IsCertifiedBeforeTheCheapestAndNeverExceeded(double times)
    {
        PlanTask task = Task("integer", Granularity.Layer);
        double cheapest = PlanLearner.Learn(task, null, CancellationToken.None).Learned.Energy;

        LearnedPlan plan = PlanLearner.Learn(task with { Ceiling = times * cheapest }, null, CancellationToken.None);

        Assert.InRange(plan.Certificate.Tried[0].Energy, 0.8 * times * cheapest, times * cheapest * (1 + 1e-9));
        Assert.Equal(plan.Learned.Energy, plan.Certificate.Point.MeanEnergy);
        Assert.Equal(plan.Learned.Energy, PlanFileBuilder.Of(plan, Source).Energy.PerMac);
        if (times < 1)
        {
            Assert.Single(plan.Certificate.Tried);
            Assert.False(plan.Learned.Reachable);
        }
        else
        {
            Assert.Equal([Core.Statistics.Verdict.Accept, Core.Statistics.Verdict.Accept], plan.Certificate.Tried.Select(one => one.Decision.Verdict));
            Assert.Equal(cheapest, plan.Learned.Energy);
        }
    }

    [Fact]
    public void Learn_EnergyCeilingBelowOneReadOfEverything_IsRefused()
    {
        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => PlanLearner.Learn(Task("integer", Granularity.Layer) with { Ceiling = 0.5 }, null, CancellationToken.None));

        Assert.Equal(PrecisionFault.Budget, refused.Fault);
        Assert.Contains("energy ceiling of 0.5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_PlansOfOneNetwork_MeasuresBothAtTheSameDrop()
    {
        PlanFile ours = PlanFileBuilder.Of(PlanLearner.Learn(Task("ours", Granularity.Layer), null, CancellationToken.None), Source);
        PlanFile uniform = PlanFileBuilder.Of(PlanLearner.Learn(Task("uniform", Granularity.Layer), null, CancellationToken.None), Source);

        var compared = PlanComparison.Run(
            [uniform, ours], Toy.Network, Toy.Noise, granularity => new PlanLayout(Toy.Network.AnalogNodes, granularity, RedundancyMode.ReadAndAverage), Toy.Images, 0.02, 5, 1e6, _ => null, null, CancellationToken.None);

        Assert.All(compared, one => Assert.True(one.Energy.Reached, one.Energy.Reason));
        Assert.Equal(1, compared[0].Ratio.Ratio.Value, 12);
        Assert.True(compared[1].Ratio.Ratio.Interval.High < 1, $"{compared[1].Ratio.Ratio}");
    }

    private static PlanTask Task(string method, Granularity granularity) => new(
        Toy.Network, Toy.Noise, new PlanLayout(Toy.Network.AnalogNodes, granularity, RedundancyMode.ReadAndAverage), MethodChoice.Of(method, 20, false), Toy.Images, Toy.Images)
    {
        LargestEnergy = method is "integer" or "rounded-ours" ? 4096 : 1e6,
        Seed = 3,
    };
}
