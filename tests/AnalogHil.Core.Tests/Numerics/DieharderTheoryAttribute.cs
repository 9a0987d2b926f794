namespace AnalogHil.Core.Tests.Numerics;

/// <summary>A theory that needs the program dieharder, skipped with the reason where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DieharderTheoryAttribute : TheoryAttribute
{
    public DieharderTheoryAttribute() => Skip = Dieharder.Missing;
}
