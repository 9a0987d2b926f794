using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Search.Drops;

public sealed class ChanceAgreementTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 3, 1, 1f);

    [Theory]
    [InlineData(90, 0, 10, 0)] // always the frequent class: right on 90 %, and in any order
    [InlineData(81, 9, 9, 1)] // as frequent as the labels say, and independent of them
    [InlineData(0, 50, 50, 0)] // two classes counted the other way round
    public void Require_AnswersThatDoNotGoWithTheLabels_Refuses(int both, int first, int second, int neither)
    {
        PrecisionException refused = Assert.Throws<PrecisionException>(() => Judge(both, first, second, neither));
        Assert.Contains($"is right on {both + neither:0.0} % [", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(99 %) of 100 examples of some, and would be on ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(88, 2, 2, 8)] // right on 96 % where chance gives 82
    [InlineData(33, 17, 17, 33)] // right on 66 % of two classes as frequent
    public void Require_AnswersThatGoWithTheLabels_Passes(int both, int first, int second, int neither) => Judge(both, first, second, neither);

    [Theory]
    [InlineData(100, 0, 0, 0, true)]
    [InlineData(90, 0, 10, 0, true)]
    [InlineData(90, 10, 0, 0, false)]
    public void Require_ExamplesOfOneClass_AreNamedSo(int both, int first, int second, int neither, bool one)
    {
        PrecisionException refused = Assert.Throws<PrecisionException>(() => Judge(both, first, second, neither));
        Assert.Equal(one, refused.Message.Contains("in any order, which are of one class alone: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Require_LogitsThatAreNoNumbers_AreNoAnswers()
    {
        var agreement = new ChanceAgreement(Network, Some);
        agreement.Add([.. Enumerable.Repeat(float.NaN, 30)], new int[10]);
        Assert.Contains("is right on 0.0 %", Assert.Throws<PrecisionException>(agreement.Require).Message, StringComparison.Ordinal);
    }

    private static LabelledImages Some => new("some", Network.InputShape, new float[Network.InputShape.Size], [0]);

    // Numbers of examples: answer and label 0; answer 0, label 1; answer 1, label 0; answer and label 1.
    private static void Judge(int both, int first, int second, int neither)
    {
        var agreement = new ChanceAgreement(Network, Some);
        Add(both, 0, 0);
        Add(first, 0, 1);
        Add(second, 1, 0);
        Add(neither, 1, 1);
        agreement.Require();

        void Add(int count, int answer, int label) => agreement.Add(
            [.. Enumerable.Range(0, 3 * count).Select(i => i % 3 == answer ? 1f : 0f)], [.. Enumerable.Repeat(label, count)]);
    }
}
