using System.Text;
using System.Text.Json.Nodes;
using AnalogHil.Ledger.Export;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Records;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Export;

public sealed class ExportTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ARecord_IsJsonAndNpy()
    {
        _folder.Store.Records.Put("plan", "p", """{"k": [1, 2]}""", 0, new ArrayEntry("weights", [2, 3], new float[] { 0, 1, 2, 3, 4, 5 }));

        IReadOnlyList<string> files = _folder.Store.Export.Write(ExportKind.Record, "plan p", Path.Combine(_folder.Path, "out"));

        JsonNode json = JsonNode.Parse(File.ReadAllText(files[0]))!;
        Assert.Equal(2, (int)json["document"]!["k"]![1]!);
        Assert.Equal("weights.npy", (string)json["arrays"]![0]!);
        byte[] npy = File.ReadAllBytes(files[1]);
        int header = 10 + npy[8] + 256 * npy[9];
        Assert.Equal(0, header % 64);
        Assert.StartsWith(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", Encoding.ASCII.GetString(npy, 10, header - 10), StringComparison.Ordinal);
        Assert.Equal(5f, BitConverter.ToSingle(npy, header + 20));
        Assert.Equal(header + 24, npy.Length);
    }

    [Fact]
    public async Task Write_ALease_HoldsEveryGrantOfTheResource()
    {
        ILeaseStore leases = _folder.Store.Leases;
        leases.Start(new RecordingGuard());
        Lease first = await leases.AcquireAsync(new LeaseRequest("bench", "a", TimeSpan.FromSeconds(5)), default);
        await leases.ReleaseAsync("bench", "a", first.Epoch, default);
        await leases.AcquireAsync(new LeaseRequest("bench", "b", TimeSpan.FromSeconds(5)), default);

        JsonArray rows = _folder.Store.Export.Read(ExportKind.Lease, "bench")["leases"]!.AsArray();

        Assert.Equal(["a", "b"], rows.Select(row => (string)row!["holder"]!));
        Assert.Equal("Released", (string)rows[0]!["ending"]!);
    }

    [Fact]
    public void Write_NotThere_IsNotFound() => Assert.Equal(
        LedgerFault.NotFound, Assert.Throws<LedgerException>(() => _folder.Store.Export.Read(ExportKind.Calibration, "none")).Fault);
}
