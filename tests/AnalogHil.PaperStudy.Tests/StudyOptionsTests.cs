using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy.Tests;

public sealed class StudyOptionsTests
{
    [Theory]
    [InlineData("--frobnicate", "unknown argument '--frobnicate'")]
    [InlineData("--time-limit", "--time-limit needs a value")]
    [InlineData("--time-limit=soon", "unknown argument")]
    public void Parse_WrongArgument_SaysWhatIsKnown(string argument, string said)
    {
        string message = Assert.Throws<ArgumentException>(() => StudyOptions.Parse([argument], "/root")).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Contains("--cells PATTERN", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LimitThatIsNoNumber_SaysSo() => Assert.Contains(
        "--time-limit is 'soon'", Assert.Throws<ArgumentException>(() => StudyOptions.Parse(["--time-limit", "soon"], "/root")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Reduced_KeepsApartFromTheRealResults()
    {
        Assert.EndsWith("paper-reduced", StudyOptions.Parse(["--reduced"], "/root").Out, StringComparison.Ordinal);
        Assert.EndsWith("results", StudyOptions.Parse([], "/root").Out, StringComparison.Ordinal);
        Assert.Equal(5, StudyOptions.Parse(["--reduced"], "/root").Settings.Seeds);
        Assert.Equal(1501, StudyOptions.Parse([], "/root").Settings.PaperSteps);
    }
}
