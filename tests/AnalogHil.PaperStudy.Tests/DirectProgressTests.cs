using AnalogHil.PaperStudy.Running;
using AnalogHil.Precision.Methods;

namespace AnalogHil.PaperStudy.Tests;

public sealed class DirectProgressTests
{
    [Fact]
    public void Report_OfManySteps_TellsALineForEachTenth()
    {
        List<string> told = [];
        var progress = new DirectProgress(told.Add);
        for (int step = 1; step <= 1000; step++)
        {
            progress.Report(new MethodProgress(step / 1000.0, $"{step}"));
        }

        Assert.InRange(told.Count, 9, 10);
        Assert.All(told.Select((line, i) => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture) - 100 * i), step => Assert.InRange(step, 100, 110));
    }

    [Fact]
    public void Report_OfWorkThatBeginsAgain_TellsItsFirstStep()
    {
        List<string> told = [];
        var progress = new DirectProgress(told.Add);

        progress.Report(new MethodProgress(0.9, "the end of one training"));
        progress.Report(new MethodProgress(0.01, "the first step of the next"));
        progress.Report(new MethodProgress(0.05, "not yet a tenth"));

        Assert.Equal(["the end of one training", "the first step of the next"], told);
    }
}
