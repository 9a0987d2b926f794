namespace AnalogHil.Engine.Onnx;

/// <summary>Turns the nodes of one ONNX operator into operations of the graph. One class, one file, one line in <see cref="OperatorTable"/>.</summary>
internal abstract class OperatorImporter
{
    /// <summary>ONNX name.</summary>
    public abstract string Operator { get; }

    /// <summary>First version of the default operator set that is understood.</summary>
    public virtual int FirstOpset => 7;

    /// <summary>Last version of the default operator set that is understood.</summary>
    public virtual int LastOpset => 22;

    /// <summary>Names of the attributes that are understood; any other is an error, because ignoring one would change what the network computes.</summary>
    public abstract IReadOnlyList<string> Attributes { get; }

    /// <summary>Emits the node.</summary>
    public abstract void Import(ImportedNode node, GraphBuilder graph);
}
