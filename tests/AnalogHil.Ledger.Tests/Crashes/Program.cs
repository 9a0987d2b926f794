namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>The process that the tests of crashes kill. Arguments: directory, first item, items, commit to die at, how, place of the tear in (0, 1).</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        await CrashChild.RunAsync(CrashOrder.Parse(args));
        return 0;
    }
}
