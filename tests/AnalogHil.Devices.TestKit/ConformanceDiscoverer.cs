using Xunit.Abstractions;
using Xunit.Sdk;

namespace AnalogHil.Devices.TestKit;

/// <summary>Finds the tests of the kit in the classes that inherit it.</summary>
public sealed class ConformanceDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ConformanceTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}
