using AnalogHil.Precision.Methods;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Tests.Methods;

namespace AnalogHil.Precision.Tests.PlanLearning;

public sealed class MethodChoiceTests
{
    [Theory]
    [InlineData("rounded-ours")]
    [InlineData("rounded-paper")]
    public void Of_ARoundedMethod_LearnsWholeRepeatsNeverBelowOne(string name)
    {
        MethodChoice choice = MethodChoice.Of(name, 20, false);
        MethodResult result = Training.Run(choice.Method, Toy.Task() with { LargestEnergy = 64 }, 2, null, default);

        Assert.True(choice.WholeRepeats);
        Assert.Equal(20, choice.Options["steps"]);
        Assert.All(result.Energy, energy => Assert.Equal(Math.Round(energy), energy));
        Assert.All(result.Energy, energy => Assert.InRange(energy, 1, 64));
        Assert.Contains(result.Energy, energy => energy < 64);
    }

    [Theory]
    [InlineData("uniform", false)]
    [InlineData("paper", false)]
    [InlineData("ours", false)]
    [InlineData("corrected", false)]
    [InlineData("corrected-ranges", false)]
    [InlineData("corrected-tuned", false)]
    [InlineData("integer", true)]
    [InlineData("uniform-integer", true)]
    [InlineData("paper-integer", true)]
    [InlineData("rounded-ours", true)]
    [InlineData("rounded-paper", true)]
    public void Of_EachName_TellsWhetherItIsOfWholeRepeats(string name, bool whole)
    {
        Assert.Contains(name, MethodChoice.Names);
        Assert.Equal((name, whole), (MethodChoice.Of(name, null, false).Name, MethodChoice.Of(name, null, false).WholeRepeats));
    }

    [Fact]
    public void Of_UnknownName_ListsThoseThereAre() => Assert.Contains(
        "rounded-ours, rounded-paper", Assert.Throws<PrecisionException>(() => MethodChoice.Of("rounded", null, false)).Message, StringComparison.Ordinal);
}
