using System.Globalization;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;
using Google.Protobuf.Reflection;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>docs/api.md says of every method and every reason what the descriptors say. Written anew together with the contract, see ContractTests.</summary>
public sealed class MethodTableTests
{
    private const string Head = "|---|---|---|---|---|---|\n";

    private static string Page => Path.Combine(CommittedContract.Root(), "docs", "api.md");

    [Fact]
    public void Methods_InTheDocument_AreThoseOfTheDescriptors()
    {
        string text = File.ReadAllText(Page);
        int begin = text.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        int end = text.IndexOf("\n\n", begin, StringComparison.Ordinal) + 1;
        string[] rows = [.. MethodRules.OwnServices.SelectMany(service => service.Methods).Select(Row)];
        if (Environment.GetEnvironmentVariable("ANALOGHIL_WRITE_CONTRACT") == "1")
        {
            File.WriteAllText(Page, text[..begin] + string.Concat(rows.Select(row => row + "\n")) + text[end..]);
            return;
        }

        Assert.Equal(rows, text[begin..end].TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Reasons_InTheDocument_AreAllThereAre()
    {
        string text = File.ReadAllText(Page);

        Assert.All(
            Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified),
            reason => Assert.Matches($@"\b{ErrorReasons.WireName(reason)}\b", text));
    }

    private static string Row(MethodDescriptor method)
    {
        MethodRule rule = MethodRules.OfOwnServices().Of($"{method.Service.FullName}/{method.Name}");
        string kind = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (true, true) => "bidirectional stream",
            (true, false) => "client stream",
            (false, true) => "server stream",
            _ => method.OutputType == Google.LongRunning.Operation.Descriptor ? "operation" : "unary",
        };
        string lease = rule.Lease switch { LeaseNeed.Required => "yes", LeaseNeed.IfHeld => "if the bench is held", _ => "no" };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {method.Service.Name}.{method.Name} | {kind} | {rule.Role.ToString().ToLowerInvariant()} | {lease} | {(rule.Mutation ? "yes" : "no")} "
                + $"| {(rule.Retry == RetryRule.Freely ? "freely" : "same request id")} |");
    }
}
