using Google.Protobuf;
using Google.Protobuf.Reflection;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>
/// Clients are built against protos/contract.binpb. After an addition write it anew: ANALOGHIL_WRITE_CONTRACT=1 dotnet test ... --filter ContractTests.
/// </summary>
public sealed class ContractTests(ITestOutputHelper output)
{
    [Fact]
    public void Protos_AgainstTheReleasedContract_BreakNothing()
    {
        if (Environment.GetEnvironmentVariable("ANALOGHIL_WRITE_CONTRACT") == "1")
        {
            var all = new FileDescriptorSet();
            all.File.AddRange(CommittedContract.Current.Select(file => file.ToProto()));
            File.WriteAllBytes(CommittedContract.Path, all.ToByteArray());
        }

        Dictionary<string, FileDescriptorProto> now = CommittedContract.Current.ToDictionary(file => file.Name, file => file.ToProto());
        Dictionary<string, FileDescriptorProto> released = CommittedContract.Released();
        List<string> breaks = [.. released.Values.SelectMany(file => now.TryGetValue(file.Name, out FileDescriptorProto? after)
            ? BreakingChanges.Of(file, after)
            : [$"file {file.Name} is gone"])];

        Assert.True(breaks.Count == 0, "clients would break: " + string.Join("; ", breaks));
        string[] missing = [.. Missing(released, now)];
        Assert.True(missing.Length == 0, $"not in {CommittedContract.Path}, write it anew as docs/api.md says: {string.Join("; ", missing)}");
        output.WriteLine(
            $"{now.Count} files, {now.Values.Sum(file => file.MessageType.Count)} messages, "
                + $"{now.Values.Sum(file => file.Service.Sum(service => service.Method.Count))} methods");
    }

    [Fact]
    public void Missing_NewFileServiceMethodMessageAndField_AreNamed()
    {
        Dictionary<string, FileDescriptorProto> now = CommittedContract.Current.ToDictionary(file => file.Name, file => file.ToProto());
        var before = now.ToDictionary(file => file.Key, file => file.Value.Clone());
        before.Remove("analoghil/v1/audit_service.proto");
        before["analoghil/v1/lease_service.proto"].Service.Clear();
        FileDescriptorProto devices = before["analoghil/v1/device_service.proto"];
        devices.Service[0].Method.RemoveAt(0);
        devices.MessageType.Single(message => message.Name == "Batch").Field.RemoveAt(3);
        devices.MessageType.Remove(devices.MessageType.Single(message => message.Name == "CellPlace"));

        string[] missing = [.. Missing(before, now)];

        Assert.Contains("file analoghil/v1/audit_service.proto", missing);
        Assert.Contains("method analoghil.v1.LeaseService.Acquire", missing);
        Assert.Contains("method analoghil.v1.DeviceService.EnterSafeState", missing);
        Assert.Contains("field analoghil.v1.Batch.operand = 4", missing);
        Assert.Contains("message analoghil.v1.CellPlace", missing);
        Assert.Empty(Missing(now, now));
    }

    [Fact]
    public void BreakingChanges_OfEverySort_AreFound()
    {
        FileDescriptorProto old = CommittedContract.Current.Single(file => file.Name == "analoghil/v1/device_service.proto").ToProto();
        FileDescriptorProto now = old.Clone();
        DescriptorProto arm = now.MessageType.Single(message => message.Name == "ArmRequest");
        arm.Field[0].Type = FieldDescriptorProto.Types.Type.Bytes;
        now.MessageType.Single(message => message.Name == "Batch").Field.RemoveAt(3);
        now.MessageType.Remove(now.MessageType.Single(message => message.Name == "CellPlace"));
        now.Service[0].Method.RemoveAt(0);
        now.Service[0].Method[^1].ServerStreaming = false;

        string[] breaks = [.. BreakingChanges.Of(old, now)];

        Assert.Equal(5, breaks.Length);
        Assert.Contains(breaks, line => line.Contains("field analoghil.v1.ArmRequest.bench = 1 was", StringComparison.Ordinal));
        Assert.Contains(breaks, line => line == "field analoghil.v1.Batch.operand = 4 is gone");
        Assert.Contains(breaks, line => line == "message analoghil.v1.CellPlace is gone");
        Assert.Contains(breaks, line => line == "method analoghil.v1.DeviceService.EnterSafeState is gone");
        Assert.Contains(breaks, line => line.StartsWith("method analoghil.v1.DeviceService.StreamExecute was (stream ", StringComparison.Ordinal));
        Assert.Empty(BreakingChanges.Of(old, old));
    }

    // What is there now and would be gone if the released contract came after it.
    private static IEnumerable<string> Missing(Dictionary<string, FileDescriptorProto> released, Dictionary<string, FileDescriptorProto> now) =>
        now.Values.SelectMany(file => released.TryGetValue(file.Name, out FileDescriptorProto? before)
            ? BreakingChanges.Of(file, before).Select(line => line.Replace(" is gone", "", StringComparison.Ordinal))
            : [$"file {file.Name}"]);
}
