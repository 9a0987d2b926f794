using AnalogHil.Daemon.Enforcement;
using AnalogHil.V1;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Enforcement;

public sealed class MethodRulesTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryMethod_OfThisPackage_HasAUsablePolicy()
    {
        (MethodRules rules, IReadOnlyList<string> faults) = MethodRules.Read(MethodRules.OwnServices);

        Assert.Empty(faults);
        output.WriteLine("| method | viewer | operator | admin | lease | request id |");
        foreach (MethodRule rule in rules.All)
        {
            string may = string.Join(" | ", new[] { Role.Viewer, Role.Operator, Role.Admin }.Select(role => role >= rule.Role ? "yes" : "no"));
            output.WriteLine($"| {rule.Method} | {may} | {rule.Lease} | {(rule.Mutation ? "yes" : "no")} |");
        }
    }

    [Fact]
    public void OwnServices_AreFoundInTheDescriptors()
    {
        string[] names = [.. MethodRules.OwnServices.Select(service => service.FullName)];

        Assert.Contains("analoghil.v1.LeaseService", names);
        Assert.Contains("analoghil.v1.CampaignService", names);
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Read_AServiceWithoutPolicies_NamesEachMethod()
    {
        (_, IReadOnlyList<string> faults) = MethodRules.Read([Google.LongRunning.Operations.Descriptor]);

        Assert.Equal(Google.LongRunning.Operations.Descriptor.Methods.Count, faults.Count);
        Assert.All(faults, fault => Assert.Contains("has no policy", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_AMethodWithoutARule_CannotBeServed() =>
        Assert.Throws<InvalidOperationException>(() => MethodRules.OfOwnServices().Of("/grpc.testing.TestService/UnaryCall"));

    [Theory]
    [InlineData("analoghil.v1.DeviceService/EnterSafeState")]
    [InlineData("analoghil.v1.CampaignService/Cancel")]
    public void MakingSafe_NeverNeedsALease(string method) => Assert.Equal(LeaseNeed.Unspecified, MethodRules.OfOwnServices().Of(method).Lease);

    [Fact]
    public void EveryChangeOfADevice_NeedsALease()
    {
        string[] changes =
            ["DeviceService/Arm", "DeviceService/Program", "DeviceService/UpdateSettings", "DeploymentService/Stage", "DeploymentService/Commit"];

        Assert.All(changes, change => Assert.Equal(LeaseNeed.Required, MethodRules.OfOwnServices().Of($"analoghil.v1.{change}").Lease));
    }
}
