namespace UniPo.Engine;

/// <summary>What a matrix kernel multiplies: C[Rows, Columns] = Start + A[Rows, Steps] · B[Steps, Columns].</summary>
/// <remarks>
/// Rows are computed in blocks of eight and columns in sixteens: C must have room for both, and what lies beyond Rows and Columns
/// is undefined afterwards. A may be read transposed, by giving it a row distance of 1.
/// </remarks>
internal unsafe ref struct MatrixProduct
{
    /// <summary>Left factor; element (row, step) is <c>A[row·ARow + step·AStep]</c>.</summary>
    public float* A;
    public int ARow,
        AStep;

    /// <summary>Right factor; element (step, column) is <c>B[column/32·BPanel + step·BStep + column mod 32]</c>.</summary>
    public float* B;
    public int BStep,
        BPanel;

    /// <summary>Product; element (row, column) is <c>C[row·CRow + column]</c>.</summary>
    public float* C;
    public int CRow;

    public int Rows,
        Columns,
        Steps;

    /// <summary>What the product is added to, in the layout of C: C itself to accumulate, null for zeros.</summary>
    public float* Start;
}
