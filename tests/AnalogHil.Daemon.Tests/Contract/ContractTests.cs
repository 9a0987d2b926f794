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

        foreach (string added in now.Keys.Except(released.Keys))
        {
            output.WriteLine($"not in the released contract yet: {added}");
        }

        Assert.True(breaks.Count == 0, "clients would break: " + string.Join("; ", breaks));
        Assert.True(released.Count >= 12, $"{released.Count} files in the released contract");
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
}
