using System.Text.Json.Nodes;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Leases;

public sealed class JournalServiceTests : IAsyncLifetime
{
    private ServedDaemon _daemon = null!;

    private JournalService.JournalServiceClient Journal => new(_daemon.Invoker);

    public async Task InitializeAsync() => _daemon = await ServedDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task ExportEntry_OfALease_IsJson()
    {
        Lease lease = await _daemon.AcquireAsync();
        var text = new System.Text.StringBuilder();
        using AsyncServerStreamingCall<ExportEntryResponse> export = Journal.ExportEntry(
            new ExportEntryRequest { Kind = LedgerEntryKind.Lease, Name = _daemon.Bench });
        while (await export.ResponseStream.MoveNext(CancellationToken.None))
        {
            Assert.Equal("lease.json", export.ResponseStream.Current.FileName);
            text.Append(export.ResponseStream.Current.Chunk.ToStringUtf8());
        }

        Assert.Equal(lease.Epoch, (long)JsonNode.Parse(text.ToString())!["leases"]![0]!["epoch"]!);
    }

    [Fact]
    public async Task SettleChange_OfNone_IsNotFound()
    {
        var request = new SettleChangeRequest { Id = 1, Outcome = ChangeOutcome.Old, Reason = "looked at it", Mutation = ServedDaemon.NewRequest() };

        Assert.Equal(ErrorReason.NotFound, (await Refused.ByAsync(async () => await Journal.SettleChangeAsync(request))).Reason);
        Assert.Empty((await Journal.ListUnsettledChangesAsync(new ListUnsettledChangesRequest())).Changes);
    }
}
