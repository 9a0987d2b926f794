using AnalogHil.Cli.Devices;

namespace AnalogHil.Functional.Tests.Commands;

public sealed class DriftLinesTests
{
    [Theory]
    [InlineData("crossbar", "crossbar")]
    [InlineData("crossbar.v2", "crossbar.v2")]
    [InlineData("config/benches/crossbar.json", "crossbar")]
    [InlineData("/config/benches/crossbar.v2.json", "crossbar.v2")]
    public void NameOf_NameOrFileOfABench_IsTheNameThatTheDaemonTellsOf(string bench, string name) => Assert.Equal(name, DriftLines.NameOf(bench));
}
