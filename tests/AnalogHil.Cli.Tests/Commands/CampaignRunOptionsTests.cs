using System.CommandLine;
using AnalogHil.Cli.Campaigns;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class CampaignRunOptionsTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void Read_CorrectedAndHalfWidth_AreInWhatIsAskedFor()
    {
        var options = new CampaignRunOptions();
        var command = new Command("run");
        options.AddTo(command);

        RunOptions asked = options.Read(command.Parse(["--corrected", "--sigma-half-width", "2.5", "--model", "models/0123"]));
        RunOptions plain = options.Read(command.Parse([]));

        Assert.Equal((true, 2.5, null), (asked.Corrected, asked.SigmaHalfWidthPercent, asked.Model));
        Assert.Equal((false, null), (plain.Corrected, plain.SigmaHalfWidthPercent));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("campaign", "run")]
    public async Task SigmaHalfWidth_OutOfRange_IsRefusedAlikeWhereverACampaignIsStarted(params string[] command)
    {
        Assert.Equal(64, await HilCommand.InvokeAsync([.. command, "--sigma-half-width", "0.1"], _terminal.Terminal));

        Assert.Contains("--sigma-half-width is 0.1, must lie in 0.2 .. 50 percent", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CampaignRun_ItsOptions_AreThoseOfRunExceptResume()
    {
        RootCommand root = HilCommand.Create(_terminal.Terminal);
        Command run = root.Subcommands.Single(command => command.Name == "run");
        Command campaign = root.Subcommands.Single(command => command.Name == "campaign");
        Command start = campaign.Subcommands.Single(command => command.Name == "run");

        string[] known = [.. start.Options.Concat(campaign.Options).Select(option => option.Name)];

        Assert.Equal(["--resume"], run.Options.Select(option => option.Name).Except(known));
    }

    public void Dispose() => _terminal.Dispose();
}
