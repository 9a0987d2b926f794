using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Deployments;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Tests.PlanFiles;

namespace AnalogHil.Daemon.Tests.Deployments;

/// <summary>What is said of a plan file's images beside those of a record.</summary>
public sealed class ImportedPlanTests
{
    [Fact]
    public void NotesOn_SameNameAndEnoughImages_SaysThatNothingElseWasCompared()
    {
        string note = Assert.Single(NotesOn("pictures", 1000));

        Assert.Contains("pictures, by name and size alone", note, StringComparison.Ordinal);
        Assert.Contains("--data", note, StringComparison.Ordinal);
        Assert.Equal(600, ImportedPlan.UnseenBy(SamplePlan.Whole(), Images("pictures", 1000)).Count);
    }

    [Theory]
    [InlineData("others", 1000)]
    [InlineData("pictures", 999)]
    public void NotesOn_AnotherNameOrTooFewImages_SaysThatTheyAreOthers(string name, int count)
    {
        string note = Assert.Single(NotesOn(name, count));

        Assert.Contains($"the plan was chosen on images of pictures, the record's campaign had {name}", note, StringComparison.Ordinal);
        Assert.Equal(count, ImportedPlan.UnseenBy(SamplePlan.Whole(), Images(name, count)).Count);
    }

    private static IEnumerable<string> NotesOn(string name, int count)
    {
        PlanFile file = SamplePlan.Whole();
        var plan = new PrecisionPlan(
            [.. file.Layers.Select(layer => new LayerPlan(layer.Name, layer.DotLength, layer.Macs, layer.Repeats!.Value, RedundancyMode.ReadAndAverage))]);
        return ImportedPlan.NotesOn(file, plan, Images(name, count), RedundancyMode.ReadAndAverage, "SIM-1");
    }

    private static LabelledImages Images(string name, int count) => new(name, new ImageShape(1, 1, 1), new float[count], new int[count]);
}
