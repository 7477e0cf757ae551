/// What Python does for an export to Parquet. Its argument is a file with an ``ParquetPlan`` in JSON.
enum ParquetScript {
  /// Fails where pyarrow is not installed.
  static let probe = "import pyarrow.csv, pyarrow.parquet"

  /// Writes the tables of the plan into the folder in which it runs.
  ///
  /// One thread, and blocks of one size: the bytes depend on the rows and on the version of pyarrow alone.
  static let text = """
    import json, os, sys
    import pyarrow as arrow, pyarrow.csv as csv, pyarrow.parquet as parquet

    TYPES = {"text": arrow.string(), "integer": arrow.int64(), "unsigned": arrow.uint64(), "real": arrow.float64()}
    BLOCK = 1 << 24

    def field(column):
        about = {key: column[key] for key in ("unit", "meaning") if column.get(key)}
        return arrow.field(column["name"], TYPES[column["type"]], metadata=about)

    def write(name, schema, batches):
        with open(name + ".parquet", "xb") as file:
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch)
            file.flush()
            os.fsync(file.fileno())

    def rows(table, schema):
        # A reader of blocks takes a file without rows for an empty one.
        if table["rows"] == 0:
            return []
        return csv.open_csv(
            table["file"],
            csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=schema.names, skip_rows=0,
                            skip_rows_after_names=1),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=True, check_utf8=True),
        )

    def export(plan):
        origin = {key: str(value) for key, value in plan["origin"].items()}
        for table in plan["tables"]:
            schema = arrow.schema([field(column) for column in table["columns"]], origin)
            write(table["name"], schema, rows(table, schema))
        for name, table in plan["descriptions"].items():
            schema = arrow.schema([arrow.field(key, TYPES[kind]) for key, kind in table["columns"]], origin)
            write(name, schema, [arrow.RecordBatch.from_pylist(table["rows"], schema)])

    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            export(json.load(file))
    except Exception as error:
        sys.exit(" ".join(str(error).split()) or type(error).__name__)
    """
}
