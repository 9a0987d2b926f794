using AnalogHil.Precision.Search;

namespace AnalogHil.Precision.Tests.Search;

public class AcceptanceRuleTests
{
    private static readonly AcceptanceRule Rule = new(0.02, 6000, 0.9);

    [Fact]
    public void Accepts_ADropThatMerelyTouchesTheTarget_IsRefused()
    {
        Assert.False(Rule.Accepts(0.0195, 0.08, 0));
        Assert.True(Rule.Accepts(0.005, 0.05, 0));
    }

    [Fact]
    public void Probability_WithAnUncertainDrop_IsNearerToAHalf() =>
        Assert.True(Rule.Probability(0.008, 0.06, 0.004) < Rule.Probability(0.008, 0.06, 0));

    [Fact]
    public void Probability_OfADropBeyondItsDiscordance_IsTakenAtTheLimit() =>
        Assert.Equal(Rule.Probability(0.011, 0.011, 0), Rule.Probability(0.0111, 0.011, 0));
}
