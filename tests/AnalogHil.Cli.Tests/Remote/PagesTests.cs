using AnalogHil.Cli.Remote;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Remote;

public sealed class PagesTests
{
    [Fact]
    public async Task AllAsync_ThreePages_IsOneListWithoutToken()
    {
        List<string> asked = [];
        ListDevicesResponse all = await Pages.AllAsync(token =>
        {
            asked.Add(token);
            return Task.FromResult(new ListDevicesResponse
            {
                Devices = { new Device { Bench = $"bench {asked.Count}" } },
                NextPageToken = asked.Count < 3 ? $"after {asked.Count}" : "",
            });
        });

        Assert.Equal(["", "after 1", "after 2"], asked);
        Assert.Equal(["bench 1", "bench 2", "bench 3"], all.Devices.Select(device => device.Bench));
        Assert.Empty(all.NextPageToken);
    }

    [Fact]
    public async Task AllAsync_ReplyWithoutToken_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Pages.AllAsync(_ => Task.FromResult(new ListAuditEntriesResponse())));
}
