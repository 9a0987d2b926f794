using System.Runtime.Versioning;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Tests.Fakes;

namespace AnalogHil.Daemon.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class SocketFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void PrepareDirectory_Missing_IsMadeForItsOwnerOnly()
    {
        SocketFile.PrepareDirectory(_directory["run/hil.sock"]);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory["run"]));
    }

    [Fact]
    public void PrepareDirectory_OpenToOthers_IsRefusedWithTheRemedy()
    {
        string open = _directory["open"];
        Directory.CreateDirectory(open);
        File.SetUnixFileMode(open, (UnixFileMode)Convert.ToInt32("755", 8));

        CampaignException refused = Assert.Throws<CampaignException>(() => SocketFile.PrepareDirectory(Path.Combine(open, "hil.sock")));

        Assert.Contains("has mode 755", refused.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 700", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
