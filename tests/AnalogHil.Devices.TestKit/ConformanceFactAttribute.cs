using Xunit.Sdk;

namespace AnalogHil.Devices.TestKit;

/// <summary>A test of the kit: skipped, with the reason, where the class that inherits it says that its device cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("AnalogHil.Devices.TestKit.ConformanceDiscoverer", "AnalogHil.Devices.TestKit")]
public sealed class ConformanceFactAttribute : FactAttribute;
