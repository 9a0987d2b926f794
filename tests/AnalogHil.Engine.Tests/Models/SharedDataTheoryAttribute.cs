namespace AnalogHil.Engine.Tests.Models;

/// <summary>A theory over files of <see cref="SharedData"/>, skipped with the reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.Missing;
}
