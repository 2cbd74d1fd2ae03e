/*
 * base_cond: every error condition the library can raise, in one list.
 *
 * A condition has Spark's name and SQLSTATE where Spark has one (users search for those words); names of our own
 * cover what Spark leaves without a condition and what only an embedded library can meet. One row: enumerator,
 * name, SQLSTATE, status it maps to, one line that says what it means and what to do. docs/errors.md is generated
 * from this list. Keep it sorted by name.
 */
#ifndef SQI_BASE_COND_H
#define SQI_BASE_COND_H

#include "streamq.h"

/* clang-format off */
#define SQI_CONDITIONS(X) \
    X(AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION, "AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION", "42845", STREAMQ_ERR_ANALYSIS, "An aggregate's argument gives a different value on each call, such as rand(). Compute it in a select before the aggregation.") \
    X(ALL_PARTITION_COLUMNS_NOT_ALLOWED, "ALL_PARTITION_COLUMNS_NOT_ALLOWED", "KD005", STREAMQ_ERR_ANALYSIS, "Every column is a partition column, so nothing is left for the files. Leave at least one out.") \
    X(AMBIGUOUS_LATERAL_COLUMN_ALIAS, "AMBIGUOUS_LATERAL_COLUMN_ALIAS", "42702", STREAMQ_ERR_ANALYSIS, "Several items of a select list have the alias that an item further right uses. Give them different aliases.") \
    X(AMBIGUOUS_REFERENCE, "AMBIGUOUS_REFERENCE", "42704", STREAMQ_ERR_ANALYSIS, "A column name fits more than one column of the input. Write it with the stream's name in front, or rename one with AS.") \
    X(AMBIGUOUS_REFERENCE_TO_FIELDS, "AMBIGUOUS_REFERENCE_TO_FIELDS", "42000", STREAMQ_ERR_ANALYSIS, "A struct has more than one field of this name. Rename the fields where the struct is built.") \
    X(ARITHMETIC_OVERFLOW, "ARITHMETIC_OVERFLOW", "22003", STREAMQ_ERR_DATA, "The result does not fit the type. Cast an operand to a wider type, or use the try_ form of the function to get NULL.") \
    X(ASSIGNMENT_ARITY_MISMATCH, "ASSIGNMENT_ARITY_MISMATCH", "42802", STREAMQ_ERR_ANALYSIS, "The number of names on the left is not the number of values on the right. Give one name for each value.") \
    X(BATCH_METADATA_NOT_FOUND, "BATCH_METADATA_NOT_FOUND", "42K03", STREAMQ_ERR_IO, "A log has no file for one of its batches: it was removed, or never copied. Put it back.") \
    X(BINARY_ARITHMETIC_OVERFLOW, "BINARY_ARITHMETIC_OVERFLOW", "22003", STREAMQ_ERR_DATA, "An operation on TINYINT or SMALLINT values left the range of their type. Cast an operand to INT, or use the try_ form to get NULL.") \
    X(CALL_ON_STREAMING_DATASET_UNSUPPORTED, "CALL_ON_STREAMING_DATASET_UNSUPPORTED", "42KDE", STREAMQ_ERR_ANALYSIS, "The call needs all of its input at once, and a stream never ends. Start the query and call it on each batch instead.") \
    X(CALL_OUT_OF_ORDER, "CALL_OUT_OF_ORDER", "HY010", STREAMQ_ERR_STATE, "The call does not fit the state the object is in, for instance a step of a query that was stopped. Check the order of the calls.") \
    X(CANNOT_DECODE_URL, "CANNOT_DECODE_URL", "22546", STREAMQ_ERR_DATA, "The text is not valid URL encoding: after each % stand two hexadecimal digits. Use try_url_decode to get NULL.") \
    X(CANNOT_PARSE_INTERVAL, "CANNOT_PARSE_INTERVAL", "22006", STREAMQ_ERR_DATA, "The text is not an interval. Write numbers with units, such as '1 day 2 hours'.") \
    X(CANNOT_PARSE_TIMESTAMP, "CANNOT_PARSE_TIMESTAMP", "22007", STREAMQ_ERR_DATA, "The text is not a date or time of the pattern given. Correct the pattern, or use the try_ form of the function to get NULL.") \
    X(CAST_INVALID_INPUT, "CAST_INVALID_INPUT", "22018", STREAMQ_ERR_DATA, "The value cannot be read as the type of the cast. Correct the input, or use try_cast to get NULL.") \
    X(CAST_OVERFLOW, "CAST_OVERFLOW", "22003", STREAMQ_ERR_DATA, "The value does not fit the type of the cast. Cast to a wider type, or use try_cast to get NULL.") \
    X(CAST_OVERFLOW_IN_TABLE_INSERT, "CAST_OVERFLOW_IN_TABLE_INSERT", "22003", STREAMQ_ERR_DATA, "A value does not fit the type of the column it is written to. Widen the column, or cast with try_cast before the write.") \
    X(CHECKPOINT_CORRUPT, "CHECKPOINT_CORRUPT", "58030", STREAMQ_ERR_IO, "A file of the checkpoint is damaged; the message names it and the place. Restore the directory from a copy, or start with a new one.") \
    X(CHECKPOINT_MISMATCH, "CHECKPOINT_MISMATCH", "42K06", STREAMQ_ERR_STATE, "The query is not the one that wrote the checkpoint; the message lists what differs. Start the query that belongs to it, or take a new checkpointLocation.") \
    X(CHECKPOINT_VERSION, "CHECKPOINT_VERSION", "0A000", STREAMQ_ERR_UNSUPPORTED, "The checkpoint was written in a format that this release does not read. Use a release at least as new as the one that wrote it.") \
    X(CODEC_NOT_AVAILABLE, "CODEC_NOT_AVAILABLE", "56038", STREAMQ_ERR_INVALID, "This build cannot compress or read compressed data of this kind. The message lists what it can, and names the package.") \
    X(COLLATION_INVALID_NAME, "COLLATION_INVALID_NAME", "42704", STREAMQ_ERR_ANALYSIS, "There is no collation of this name. The default is UTF8_BINARY.") \
    X(COLUMN_ALREADY_EXISTS, "COLUMN_ALREADY_EXISTS", "42711", STREAMQ_ERR_ANALYSIS, "Two columns would have the same name; names differ by more than upper and lower case. Rename one with AS.") \
    X(COLUMN_NOT_FOUND, "COLUMN_NOT_FOUND", "42703", STREAMQ_ERR_ANALYSIS, "The operation names a column that its input does not have. Check the spelling against the input's schema.") \
    X(COMPARATOR_RETURNS_NULL, "COMPARATOR_RETURNS_NULL", "22004", STREAMQ_ERR_DATA, "The comparison given to array_sort returned null. Let it return a negative number, 0 or a positive number for every pair.") \
    X(CONCURRENT_QUERY, "CONCURRENT_QUERY", "0A000", STREAMQ_ERR_UNSUPPORTED, "Another query uses this checkpoint directory now. Stop it first, or give this query a directory of its own.") \
    X(CONCURRENT_STREAM_LOG_UPDATE, "CONCURRENT_STREAM_LOG_UPDATE", "40000", STREAMQ_ERR_STATE, "Another query writes to the same log. Run only one with the same output folder and checkpoint.") \
    X(CONFLICTING_DIRECTORY_STRUCTURES, "CONFLICTING_DIRECTORY_STRUCTURES", "KD009", STREAMQ_ERR_ANALYSIS, "Folders of the kind key=value stand at places that do not go together. Give the option basePath, or read one of them.") \
    X(CONFLICTING_PARTITION_COLUMN_NAMES, "CONFLICTING_PARTITION_COLUMN_NAMES", "KD009", STREAMQ_ERR_ANALYSIS, "Files lie under folders of different keys or depths. Give each layout a read of its own, or use recursiveFileLookup.") \
    X(CONNECTION_FAILED, "CONNECTION_FAILED", "08001", STREAMQ_ERR_IO, "The connection could not be made. Check the address, and that the other side listens.") \
    X(CONNECTION_LOST, "CONNECTION_LOST", "08006", STREAMQ_ERR_IO, "The other side closed or broke the connection. Start the query again when it is back.") \
    X(CONVERSION_INVALID_INPUT, "CONVERSION_INVALID_INPUT", "22018", STREAMQ_ERR_DATA, "The text cannot be converted to the type asked for. Correct the input, or use the try_ form of the function to get NULL.") \
    X(DATATYPE_MISMATCH__ARRAY_FUNCTION_DIFF_TYPES, "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "The function takes an array and a value of its element type, and these differ. Cast one of them.") \
    X(DATATYPE_MISMATCH__BINARY_ARRAY_DIFF_TYPES, "DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "The function takes two arrays of one element type, and these differ. Cast one of them.") \
    X(DATATYPE_MISMATCH__BINARY_OP_DIFF_TYPES, "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "The two sides of the operator have types with no common type. Cast one side to the type of the other.") \
    X(DATATYPE_MISMATCH__BINARY_OP_WRONG_TYPE, "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "The operator does not work on values of this type. Cast both sides to a type it takes.") \
    X(DATATYPE_MISMATCH__CAST_WITHOUT_SUGGESTION, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09", STREAMQ_ERR_ANALYSIS, "There is no cast between these two types. Convert by way of a type that both can be cast to, often STRING.") \
    X(DATATYPE_MISMATCH__CAST_WITH_CONF_SUGGESTION, "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION", "42K09", STREAMQ_ERR_ANALYSIS, "This cast exists only outside ANSI mode. Use try_cast, or convert with a function that says what is meant.") \
    X(DATATYPE_MISMATCH__CAST_WITH_FUNC_SUGGESTION, "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", "42K09", STREAMQ_ERR_ANALYSIS, "There is no cast between these two types, but a function converts them. The message names it.") \
    X(DATATYPE_MISMATCH__CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING, "DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING", "42K09", STREAMQ_ERR_ANALYSIS, "The names of a struct's fields must be string constants. Write them as literals: named_struct('a', 1).") \
    X(DATATYPE_MISMATCH__DATA_DIFF_TYPES, "DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "All arguments must have one type, and these have no common type. Cast them to the type that is meant.") \
    X(DATATYPE_MISMATCH__FILTER_NOT_BOOLEAN, "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "42K09", STREAMQ_ERR_ANALYSIS, "The condition of a filter must be BOOLEAN. Compare the value with something, or cast it.") \
    X(DATATYPE_MISMATCH__HASH_MAP_TYPE, "DATATYPE_MISMATCH.HASH_MAP_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "Maps have no defined order of entries and cannot be hashed. Hash map_entries sorted by key instead.") \
    X(DATATYPE_MISMATCH__INPUT_SIZE_NOT_ONE, "DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE", "42K09", STREAMQ_ERR_ANALYSIS, "The operation takes exactly one column. Select one before it.") \
    X(DATATYPE_MISMATCH__INVALID_ARG_VALUE, "DATATYPE_MISMATCH.INVALID_ARG_VALUE", "42K09", STREAMQ_ERR_ANALYSIS, "An argument must be one of a fixed set of values. The message lists them.") \
    X(DATATYPE_MISMATCH__INVALID_JSON_MAP_KEY_TYPE, "DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "A JSON object has text keys only. Use a map with STRING keys in the schema.") \
    X(DATATYPE_MISMATCH__INVALID_JSON_SCHEMA, "DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", "42K09", STREAMQ_ERR_ANALYSIS, "JSON text can be read as a struct, an array or a map. Use one of these as the schema.") \
    X(DATATYPE_MISMATCH__INVALID_MAP_KEY_TYPE, "DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "A map's keys must not be maps or contain maps. Use a key type that can be compared.") \
    X(DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "Values of this type have no order. Sort or compare by a part that has one.") \
    X(DATATYPE_MISMATCH__MAP_CONCAT_DIFF_TYPES, "DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "All arguments must be maps of one type. Cast the maps to the type that is meant.") \
    X(DATATYPE_MISMATCH__MAP_FUNCTION_DIFF_TYPES, "DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "The maps differ in their key or value types. Cast them to one type.") \
    X(DATATYPE_MISMATCH__MAP_ZIP_WITH_DIFF_TYPES, "DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "The two maps have different key types. Cast one of them.") \
    X(DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09", STREAMQ_ERR_ANALYSIS, "The argument must be a constant, and this one depends on the row. Write a literal or an expression over literals.") \
    X(DATATYPE_MISMATCH__NULL_TYPE, "DATATYPE_MISMATCH.NULL_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "A bare NULL has no type here. Give it one: CAST(NULL AS INT).") \
    X(DATATYPE_MISMATCH__PARAMETER_CONSTRAINT_VIOLATION, "DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION", "42K09", STREAMQ_ERR_ANALYSIS, "One argument must stand in a relation to another, such as be less than it. The message says which.") \
    X(DATATYPE_MISMATCH__SEQUENCE_WRONG_INPUT_TYPES, "DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "sequence takes integers, or dates and timestamps with an interval as step. Cast the arguments to fit each other.") \
    X(DATATYPE_MISMATCH__STACK_COLUMN_DIFF_TYPES, "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES", "42K09", STREAMQ_ERR_ANALYSIS, "The values that stack puts into one column have different types. Cast them to one type.") \
    X(DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "An argument has a type that the function does not take there. Cast it to the type the message names.") \
    X(DATATYPE_MISMATCH__UNEXPECTED_NULL, "DATATYPE_MISMATCH.UNEXPECTED_NULL", "42K09", STREAMQ_ERR_ANALYSIS, "This argument must not be NULL. Give it a value.") \
    X(DATATYPE_MISMATCH__UNEXPECTED_RETURN_TYPE, "DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "The lambda function gives a type other than the one expected. Cast its result.") \
    X(DATATYPE_MISMATCH__UNSUPPORTED_INPUT_TYPE, "DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "The function does not work on values of this type. Convert the argument first.") \
    X(DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09", STREAMQ_ERR_ANALYSIS, "A constant argument lies outside its range. The message gives the range.") \
    X(DATATYPE_MISSING_SIZE, "DATATYPE_MISSING_SIZE", "42K01", STREAMQ_ERR_PARSE, "The type needs a length, as in VARCHAR(10). Write the length, or use STRING.") \
    X(DATA_SOURCE_NOT_FOUND, "DATA_SOURCE_NOT_FOUND", "42K02", STREAMQ_ERR_ANALYSIS, "No source or sink has this name. Check the spelling, or register it before the plan uses it.") \
    X(DATETIME_FIELD_OUT_OF_BOUNDS__WITHOUT_SUGGESTION, "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", "22023", STREAMQ_ERR_DATA, "A part of the date or time, such as a month of 13, is outside its range. Correct the value, or use the try_ form to get NULL.") \
    X(DATETIME_OVERFLOW, "DATETIME_OVERFLOW", "22008", STREAMQ_ERR_DATA, "The result lies outside the range of dates and timestamps. Check the amount that is added.") \
    X(DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION, "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003", STREAMQ_ERR_PARSE, "A DECIMAL has at most 38 digits. Use a smaller precision.") \
    X(DECIMAL_SCALE_EXCEEDS_PRECISION, "DECIMAL_SCALE_EXCEEDS_PRECISION", "22003", STREAMQ_ERR_DATA, "A DECIMAL's scale must not exceed its precision. Write DECIMAL(precision, scale) with scale <= precision.") \
    X(DIVIDE_BY_ZERO, "DIVIDE_BY_ZERO", "22012", STREAMQ_ERR_DATA, "Division by zero. Check the divisor, or use try_divide to get NULL.") \
    X(DUPLICATED_CTE_NAMES, "DUPLICATED_CTE_NAMES", "42602", STREAMQ_ERR_ANALYSIS, "Two parts of one WITH clause have the same name. Rename one.") \
    X(DUPLICATED_MAP_KEY, "DUPLICATED_MAP_KEY", "23505", STREAMQ_ERR_DATA, "A map would hold the same key twice. Remove the repeats before the map is built.") \
    X(DUPLICATE_CLAUSES, "DUPLICATE_CLAUSES", "42614", STREAMQ_ERR_PARSE, "A clause stands twice. Keep one.") \
    X(DUPLICATE_PLAN, "DUPLICATE_PLAN", "42710", STREAMQ_ERR_STATE, "A query of this name runs in the session already. Stop it, or choose another name.") \
    X(DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT__DOUBLE_NAMED_ARGUMENT_REFERENCE, "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE", "4274K", STREAMQ_ERR_ANALYSIS, "A named argument is given twice. Keep one.") \
    X(EMPTY_PARTITION_COLUMN_NAME, "EMPTY_PARTITION_COLUMN_NAME", "KD009", STREAMQ_ERR_ANALYSIS, "A folder is called =value. A partition folder is key=value.") \
    X(EMPTY_PARTITION_COLUMN_VALUE, "EMPTY_PARTITION_COLUMN_VALUE", "KD009", STREAMQ_ERR_ANALYSIS, "A folder is called key= without a value. A null is written as key=__HIVE_DEFAULT_PARTITION__.") \
    X(EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE, "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE", "42K09", STREAMQ_ERR_ANALYSIS, "A watermark needs a column of type TIMESTAMP. Cast the column before the watermark.") \
    X(EXCEPT_OVERLAPPING_COLUMNS, "EXCEPT_OVERLAPPING_COLUMNS", "42702", STREAMQ_ERR_ANALYSIS, "A column is left out twice. Name it once.") \
    X(EXPRESSION_TYPE_IS_NOT_ORDERABLE, "EXPRESSION_TYPE_IS_NOT_ORDERABLE", "42822", STREAMQ_ERR_ANALYSIS, "Values of this type have no order, so they cannot be sorted or grouped by. Use a part that has one.") \
    X(FAILED_FUNCTION_CALL, "FAILED_FUNCTION_CALL", "38000", STREAMQ_ERR_USER, "A function failed while it ran. The message holds what it said.") \
    X(FAILED_READ_FILE, "FAILED_READ_FILE", "KD001", STREAMQ_ERR_IO, "A file could not be read, or is not what its name says. The message names it and the cause; ignoreCorruptFiles skips such files.") \
    X(FAILED_READ_FILE__FILE_NOT_EXIST, "FAILED_READ_FILE.FILE_NOT_EXIST", "KD001", STREAMQ_ERR_IO, "A file that belongs to the batch is gone. Put it back, or set ignoreMissingFiles to true to do without its rows.") \
    X(FAILED_TO_PARSE_TOO_COMPLEX, "FAILED_TO_PARSE_TOO_COMPLEX", "54001", STREAMQ_ERR_PARSE, "The text is nested too deeply or is too long to be parsed. Split it into several steps.") \
    X(FIELD_NOT_FOUND, "FIELD_NOT_FOUND", "42704", STREAMQ_ERR_ANALYSIS, "The struct has no field of this name. Check the spelling against the column's type.") \
    X(GROUPING_COLUMN_MISMATCH, "GROUPING_COLUMN_MISMATCH", "42803", STREAMQ_ERR_ANALYSIS, "grouping() takes one of the columns that the query groups by. Use one of them.") \
    X(GROUPING_ID_COLUMN_MISMATCH, "GROUPING_ID_COLUMN_MISMATCH", "42803", STREAMQ_ERR_ANALYSIS, "grouping_id() takes the grouping columns in their order, or nothing. Write it without arguments.") \
    X(GROUP_BY_AGGREGATE, "GROUP_BY_AGGREGATE", "42903", STREAMQ_ERR_ANALYSIS, "An aggregate function stands in GROUP BY. Group by plain columns; filter on aggregates with HAVING.") \
    X(GROUP_BY_POS_AGGREGATE, "GROUP_BY_POS_AGGREGATE", "42903", STREAMQ_ERR_ANALYSIS, "A position in GROUP BY refers to an aggregate. Use the position of a plain column.") \
    X(GROUP_BY_POS_OUT_OF_RANGE, "GROUP_BY_POS_OUT_OF_RANGE", "42805", STREAMQ_ERR_ANALYSIS, "A position in GROUP BY is not one of the select list. Positions start at 1.") \
    X(ILLEGAL_DAY_OF_WEEK, "ILLEGAL_DAY_OF_WEEK", "22009", STREAMQ_ERR_DATA, "The text is not a day of the week. Use an English name or its first two or three letters.") \
    X(INCOMPATIBLE_COLUMN_TYPE, "INCOMPATIBLE_COLUMN_TYPE", "42825", STREAMQ_ERR_ANALYSIS, "The inputs of a set operation have columns whose types do not fit each other. Cast the columns of one input.") \
    X(INCOMPLETE_TYPE_DEFINITION__ARRAY, "INCOMPLETE_TYPE_DEFINITION.ARRAY", "42K01", STREAMQ_ERR_PARSE, "ARRAY needs the type of its elements. Write ARRAY<INT>.") \
    X(INCOMPLETE_TYPE_DEFINITION__MAP, "INCOMPLETE_TYPE_DEFINITION.MAP", "42K01", STREAMQ_ERR_PARSE, "MAP needs the types of its keys and values. Write MAP<STRING, INT>.") \
    X(INCOMPLETE_TYPE_DEFINITION__STRUCT, "INCOMPLETE_TYPE_DEFINITION.STRUCT", "42K01", STREAMQ_ERR_PARSE, "STRUCT needs its fields. Write STRUCT<name: INT>.") \
    X(INCONSISTENT_BEHAVIOR_CROSS_VERSION__DATETIME_PATTERN_RECOGNITION, "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION", "42K0B", STREAMQ_ERR_ANALYSIS, "The date pattern was understood by Spark before 3.0 only. Write it with the letters of today's patterns.") \
    X(INCONSISTENT_BEHAVIOR_CROSS_VERSION__DATETIME_WEEK_BASED_PATTERN, "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN", "42K0B", STREAMQ_ERR_ANALYSIS, "Week-based letters are not part of date patterns. Use extract or date_trunc for weeks.") \
    X(INTERNAL_ERROR, "INTERNAL_ERROR", "XX000", STREAMQ_ERR_INTERNAL, "The library found itself in a state that must not happen. Report it with the message and the query.") \
    X(INTERVAL_ARITHMETIC_OVERFLOW__WITHOUT_SUGGESTION, "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", "22015", STREAMQ_ERR_DATA, "The interval does not fit its type. Check the amounts.") \
    X(INTERVAL_ARITHMETIC_OVERFLOW__WITH_SUGGESTION, "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", "22015", STREAMQ_ERR_DATA, "The interval does not fit its type. Check the amounts, or use the function the message names to get NULL.") \
    X(INTERVAL_DIVIDED_BY_ZERO, "INTERVAL_DIVIDED_BY_ZERO", "22012", STREAMQ_ERR_DATA, "An interval is divided by zero. Check the divisor, or use try_divide to get NULL.") \
    X(INVALID_AGGREGATE_FILTER__NON_DETERMINISTIC, "INVALID_AGGREGATE_FILTER.NON_DETERMINISTIC", "42903", STREAMQ_ERR_ANALYSIS, "The FILTER of an aggregate must answer the same each time. Compute the random value in a subquery.") \
    X(INVALID_AGGREGATE_FILTER__NOT_BOOLEAN, "INVALID_AGGREGATE_FILTER.NOT_BOOLEAN", "42903", STREAMQ_ERR_ANALYSIS, "The FILTER of an aggregate must be a BOOLEAN condition. Compare the value with something.") \
    X(INVALID_ARGUMENT, "INVALID_ARGUMENT", "22023", STREAMQ_ERR_INVALID, "An argument of a call is not acceptable: NULL where a value is needed, or outside its range. The message says which.") \
    X(INVALID_ARRAY_INDEX, "INVALID_ARRAY_INDEX", "22003", STREAMQ_ERR_DATA, "The index lies outside the array; a[i] counts from 0. Check the size, or use get(a, i) to get NULL.") \
    X(INVALID_ARRAY_INDEX_IN_ELEMENT_AT, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003", STREAMQ_ERR_DATA, "The index lies outside the array; element_at counts from 1. Check the size, or use try_element_at to get NULL.") \
    X(INVALID_BITMAP_POSITION, "INVALID_BITMAP_POSITION", "22003", STREAMQ_ERR_DATA, "The bit's position lies outside the bitmap. Use bitmap_bit_position to compute positions.") \
    X(INVALID_BOOLEAN_STATEMENT, "INVALID_BOOLEAN_STATEMENT", "22546", STREAMQ_ERR_DATA, "A condition must be a BOOLEAN value. Write a comparison.") \
    X(INVALID_CONF_VALUE__REQUIREMENT, "INVALID_CONF_VALUE.REQUIREMENT", "22022", STREAMQ_ERR_DATA, "A setting's value does not meet its condition. The message gives the condition.") \
    X(INVALID_CONF_VALUE__TIME_ZONE, "INVALID_CONF_VALUE.TIME_ZONE", "22022", STREAMQ_ERR_DATA, "The time zone of the session is not known. Use a region such as 'Europe/Berlin' or an offset such as '+02:00'.") \
    X(INVALID_CONF_VALUE__TYPE_MISMATCH, "INVALID_CONF_VALUE.TYPE_MISMATCH", "22022", STREAMQ_ERR_DATA, "A setting's value has the wrong type. The message gives the type it takes.") \
    X(INVALID_CORRUPT_RECORD_TYPE, "INVALID_CORRUPT_RECORD_TYPE", "42804", STREAMQ_ERR_ANALYSIS, "The column for records that do not fit must be a STRING. Give it this type, or name another in columnNameOfCorruptRecord.") \
    X(INVALID_DATETIME_PATTERN__ILLEGAL_CHARACTER, "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER", "22007", STREAMQ_ERR_DATA, "A date pattern holds a letter that means nothing. Put plain text between single quotes.") \
    X(INVALID_DATETIME_PATTERN__LENGTH, "INVALID_DATETIME_PATTERN.LENGTH", "22007", STREAMQ_ERR_DATA, "A letter is repeated more often than a date pattern allows. Use fewer.") \
    X(INVALID_DATETIME_PATTERN__WITH_SUGGESTION, "INVALID_DATETIME_PATTERN.WITH_SUGGESTION", "22007", STREAMQ_ERR_DATA, "The date pattern is not valid. Correct it as the message says.") \
    X(INVALID_ESC, "INVALID_ESC", "42604", STREAMQ_ERR_PARSE, "The escape of LIKE must be one single character. Write ESCAPE with one character between quotes.") \
    X(INVALID_ESCAPE_CHAR, "INVALID_ESCAPE_CHAR", "42604", STREAMQ_ERR_ANALYSIS, "The escape of LIKE must be one single character. Write ESCAPE with a string of length one.") \
    X(INVALID_EXTRACT_BASE_FIELD_TYPE, "INVALID_EXTRACT_BASE_FIELD_TYPE", "42000", STREAMQ_ERR_ANALYSIS, "Only structs, arrays and maps have parts that can be taken out. Check the type of the value before the dot or bracket.") \
    X(INVALID_EXTRACT_FIELD, "INVALID_EXTRACT_FIELD", "42601", STREAMQ_ERR_ANALYSIS, "This part cannot be taken out of the value. Use a constant field name.") \
    X(INVALID_EXTRACT_FIELD_TYPE, "INVALID_EXTRACT_FIELD_TYPE", "42000", STREAMQ_ERR_ANALYSIS, "The name of the field to take out must be a string constant. Write it as a literal.") \
    X(INVALID_FIELD_NAME, "INVALID_FIELD_NAME", "42000", STREAMQ_ERR_ANALYSIS, "The name of a nested field goes through something that is not a struct. Check the path.") \
    X(INVALID_FORMAT__CONT_THOUSANDS_SEPS, "INVALID_FORMAT.CONT_THOUSANDS_SEPS", "42601", STREAMQ_ERR_ANALYSIS, "A thousands separator of a number format needs digits on both sides. Write it between digits: 9,999.") \
    X(INVALID_FORMAT__CUR_MUST_BEFORE_DEC, "INVALID_FORMAT.CUR_MUST_BEFORE_DEC", "42601", STREAMQ_ERR_ANALYSIS, "The currency sign of a number format must stand before the decimal point. Move it to the front.") \
    X(INVALID_FORMAT__CUR_MUST_BEFORE_DIGIT, "INVALID_FORMAT.CUR_MUST_BEFORE_DIGIT", "42601", STREAMQ_ERR_ANALYSIS, "The currency sign of a number format must stand before the digits. Move it to the front.") \
    X(INVALID_FORMAT__EMPTY, "INVALID_FORMAT.EMPTY", "42601", STREAMQ_ERR_ANALYSIS, "The number format is empty. Give at least one digit: 0 or 9.") \
    X(INVALID_FORMAT__ESC_AT_THE_END, "INVALID_FORMAT.ESC_AT_THE_END", "42601", STREAMQ_ERR_ANALYSIS, "The LIKE pattern ends in its escape character. Write the escape twice to mean itself.") \
    X(INVALID_FORMAT__ESC_IN_THE_MIDDLE, "INVALID_FORMAT.ESC_IN_THE_MIDDLE", "42601", STREAMQ_ERR_ANALYSIS, "In a LIKE pattern the escape stands before a character that needs none. Escape only _ and % and the escape itself.") \
    X(INVALID_FORMAT__MISMATCH_INPUT, "INVALID_FORMAT.MISMATCH_INPUT", "42601", STREAMQ_ERR_ANALYSIS, "The text does not have the shape of the number format. Correct either, or use try_to_number to get NULL.") \
    X(INVALID_FORMAT__THOUSANDS_SEPS_MUST_BEFORE_DEC, "INVALID_FORMAT.THOUSANDS_SEPS_MUST_BEFORE_DEC", "42601", STREAMQ_ERR_ANALYSIS, "Thousands separators of a number format must stand before the decimal point. Remove those after it.") \
    X(INVALID_FORMAT__UNEXPECTED_TOKEN, "INVALID_FORMAT.UNEXPECTED_TOKEN", "42601", STREAMQ_ERR_ANALYSIS, "A number format holds a character that means nothing there. The order is sign, $, digits, point, digits, sign.") \
    X(INVALID_FORMAT__WRONG_NUM_DIGIT, "INVALID_FORMAT.WRONG_NUM_DIGIT", "42601", STREAMQ_ERR_ANALYSIS, "The number format has a wrong number of digits. Count them before and after the decimal point.") \
    X(INVALID_FORMAT__WRONG_NUM_TOKEN, "INVALID_FORMAT.WRONG_NUM_TOKEN", "42601", STREAMQ_ERR_ANALYSIS, "A number format holds a sign, point or currency sign twice. Keep one of each.") \
    X(INVALID_FRACTION_OF_SECOND, "INVALID_FRACTION_OF_SECOND", "22023", STREAMQ_ERR_DATA, "The seconds must be 0 to 59 with a fraction. Check the argument, or use the try_ form to get NULL.") \
    X(INVALID_FUNCTION_ARGUMENT, "INVALID_FUNCTION_ARGUMENT", "22023", STREAMQ_ERR_DATA, "A function was given a value that it cannot take. The message says which values it takes.") \
    X(INVALID_HANDLE, "INVALID_HANDLE", "HY000", STREAMQ_ERR_INVALID, "The handle is NULL, freed, or of another session. Check where it comes from.") \
    X(INVALID_IDENTIFIER, "INVALID_IDENTIFIER", "42602", STREAMQ_ERR_PARSE, "A name holds characters that are not allowed bare. Put it between backticks.") \
    X(INVALID_INDEX_OF_ZERO, "INVALID_INDEX_OF_ZERO", "22003", STREAMQ_ERR_DATA, "Positions in element_at start at 1, or at -1 from the end; 0 is neither. Use 1 for the first.") \
    X(INVALID_INLINE_TABLE__CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE, "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE", "42000", STREAMQ_ERR_ANALYSIS, "A row of VALUES holds an expression that cannot be computed beforehand. Use constants.") \
    X(INVALID_INLINE_TABLE__INCOMPATIBLE_TYPES_IN_INLINE_TABLE, "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", "42000", STREAMQ_ERR_ANALYSIS, "The rows of VALUES have types in one column that do not fit each other. Cast them to one type.") \
    X(INVALID_INLINE_TABLE__NUM_COLUMNS_MISMATCH, "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "42000", STREAMQ_ERR_ANALYSIS, "The rows of VALUES have different numbers of columns. Give each row the same number.") \
    X(INVALID_INTERVAL_FORMAT__INTERVAL_PARSING, "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING", "22006", STREAMQ_ERR_DATA, "The interval's text cannot be read. Write it as the message shows.") \
    X(INVALID_INTERVAL_FORMAT__INVALID_FRACTION, "INVALID_INTERVAL_FORMAT.INVALID_FRACTION", "22006", STREAMQ_ERR_DATA, "Only seconds may have a fraction in an interval. Use a smaller unit instead.") \
    X(INVALID_INTERVAL_FORMAT__INVALID_UNIT, "INVALID_INTERVAL_FORMAT.INVALID_UNIT", "22006", STREAMQ_ERR_PARSE, "Intervals have no such unit. Use years down to microseconds.") \
    X(INVALID_INTERVAL_FORMAT__UNMATCHED_FORMAT_STRING, "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING", "22006", STREAMQ_ERR_DATA, "The interval's text does not fit its type. For DAY TO SECOND write 'd hh:mm:ss', for YEAR TO MONTH 'y-m'.") \
    X(INVALID_INTERVAL_FORMAT__UNMATCHED_FORMAT_STRING_WITH_NOTICE, "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE", "22006", STREAMQ_ERR_DATA, "The interval's text does not fit its type. Write it as the message shows.") \
    X(INVALID_INTERVAL_FORMAT__UNSUPPORTED_FROM_TO_EXPRESSION, "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION", "22006", STREAMQ_ERR_DATA, "An interval cannot go from this unit to that one. Use YEAR TO MONTH, or units from DAY down to SECOND.") \
    X(INVALID_INTERVAL_LITERAL, "INVALID_INTERVAL_LITERAL", "22006", STREAMQ_ERR_PARSE, "The interval literal is not valid. Write numbers with units, such as INTERVAL '1' DAY.") \
    X(INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION, "INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION", "22006", STREAMQ_ERR_DATA, "An interval with a part below one day cannot be added to a date. Cast the date to TIMESTAMP first.") \
    X(INVALID_JSON_RECORD_TYPE, "INVALID_JSON_RECORD_TYPE", "22023", STREAMQ_ERR_DATA, "A record of JSON is no object while a schema is found in mode FAILFAST. Remove the record, or use another mode.") \
    X(INVALID_JSON_SCHEMA_MAP_TYPE, "INVALID_JSON_SCHEMA_MAP_TYPE", "22032", STREAMQ_ERR_ANALYSIS, "Keys of a map that is read from JSON have to be strings. Use MAP<STRING, ...>, or a struct.") \
    X(INVALID_LAMBDA_FUNCTION_CALL__DUPLICATE_ARG_NAMES, "INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES", "42K0D", STREAMQ_ERR_ANALYSIS, "A lambda function has two arguments of the same name. Rename one.") \
    X(INVALID_LAMBDA_FUNCTION_CALL__NON_HIGHER_ORDER_FUNCTION, "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", "42K0D", STREAMQ_ERR_ANALYSIS, "A lambda function is given to a function that takes none. Give it a value.") \
    X(INVALID_LAMBDA_FUNCTION_CALL__NUM_ARGS_MISMATCH, "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH", "42K0D", STREAMQ_ERR_ANALYSIS, "The lambda function has a number of arguments that this place does not give. The message says how many it gives.") \
    X(INVALID_LAMBDA_FUNCTION_CALL__PARAMETER_DOES_NOT_ACCEPT_LAMBDA_FUNCTION, "INVALID_LAMBDA_FUNCTION_CALL.PARAMETER_DOES_NOT_ACCEPT_LAMBDA_FUNCTION", "42K0D", STREAMQ_ERR_ANALYSIS, "A lambda function is given where the function wants a value. Give it a value there.") \
    X(INVALID_LATERAL_JOIN_TYPE, "INVALID_LATERAL_JOIN_TYPE", "42613", STREAMQ_ERR_ANALYSIS, "This kind of join cannot be LATERAL. Use INNER, LEFT OUTER or CROSS.") \
    X(INVALID_LIMIT_LIKE_EXPRESSION__DATA_TYPE, "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", "42K0E", STREAMQ_ERR_ANALYSIS, "LIMIT and OFFSET take a whole number. Use an INT constant.") \
    X(INVALID_LIMIT_LIKE_EXPRESSION__IS_NEGATIVE, "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "42K0E", STREAMQ_ERR_ANALYSIS, "LIMIT and OFFSET must not be negative. Use zero or more.") \
    X(INVALID_LIMIT_LIKE_EXPRESSION__IS_NULL, "INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", "42K0E", STREAMQ_ERR_ANALYSIS, "LIMIT and OFFSET must not be NULL. Write a number.") \
    X(INVALID_LIMIT_LIKE_EXPRESSION__IS_UNFOLDABLE, "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", "42K0E", STREAMQ_ERR_ANALYSIS, "LIMIT and OFFSET must be constants. Write a number or a parameter.") \
    X(INVALID_LOG_VERSION__MAX_SUPPORTED_VERSION, "INVALID_LOG_VERSION.MAX_SUPPORTED_VERSION", "KD002", STREAMQ_ERR_UNSUPPORTED, "A log file was written by a newer version. Use that version, or a newer one.") \
    X(INVALID_NON_DETERMINISTIC_EXPRESSIONS, "INVALID_NON_DETERMINISTIC_EXPRESSIONS", "42K0E", STREAMQ_ERR_ANALYSIS, "This clause must give the same value for the same row each time. Compute values such as rand() in a select before it.") \
    X(INVALID_NUMERIC_LITERAL_RANGE, "INVALID_NUMERIC_LITERAL_RANGE", "22003", STREAMQ_ERR_PARSE, "The number does not fit the type its suffix names. Drop the suffix or use a wider type.") \
    X(INVALID_OBSERVED_METRICS__MISSING_NAME, "INVALID_OBSERVED_METRICS.MISSING_NAME", "42K0E", STREAMQ_ERR_ANALYSIS, "An observation needs a name. Give one.") \
    X(INVALID_OPTIONS__NON_MAP_FUNCTION, "INVALID_OPTIONS.NON_MAP_FUNCTION", "42K06", STREAMQ_ERR_ANALYSIS, "The options must be written with map(): map('name', 'value').") \
    X(INVALID_OPTIONS__NON_STRING_TYPE, "INVALID_OPTIONS.NON_STRING_TYPE", "42K06", STREAMQ_ERR_ANALYSIS, "The names and values of options must be strings. Put them between quotes.") \
    X(INVALID_OPTION_VALUE, "INVALID_OPTION_VALUE", "22023", STREAMQ_ERR_INVALID, "An option's value cannot be read or lies outside its range. The message says what the option takes.") \
    X(INVALID_PANDAS_UDF_PLACEMENT, "INVALID_PANDAS_UDF_PLACEMENT", "0A000", STREAMQ_ERR_UNSUPPORTED, "A grouped user function cannot stand beside plain aggregates. Use one kind in one aggregation.") \
    X(INVALID_PARAMETER_VALUE__BINARY_FORMAT, "INVALID_PARAMETER_VALUE.BINARY_FORMAT", "22023", STREAMQ_ERR_DATA, "Binary can be written as 'base64', 'hex' or 'utf-8' only. Use one of these.") \
    X(INVALID_PARAMETER_VALUE__BIT_POSITION_RANGE, "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE", "22023", STREAMQ_ERR_DATA, "The bit's position lies outside the number's width. Positions start at 0 on the right.") \
    X(INVALID_PARAMETER_VALUE__CHARSET, "INVALID_PARAMETER_VALUE.CHARSET", "22023", STREAMQ_ERR_DATA, "The character set is not one of those supported. The message lists them.") \
    X(INVALID_PARAMETER_VALUE__DATETIME_UNIT, "INVALID_PARAMETER_VALUE.DATETIME_UNIT", "22023", STREAMQ_ERR_PARSE, "The unit of time is a word, not a text. Write DAY without quotes.") \
    X(INVALID_PARAMETER_VALUE__HMAC_ALGORITHM, "INVALID_PARAMETER_VALUE.HMAC_ALGORITHM", "22023", STREAMQ_ERR_DATA, "The hash algorithm for the HMAC is not one of those supported. The message lists them.") \
    X(INVALID_PARAMETER_VALUE__LENGTH, "INVALID_PARAMETER_VALUE.LENGTH", "22023", STREAMQ_ERR_DATA, "A length must not be negative. Check the argument.") \
    X(INVALID_PARAMETER_VALUE__OCCURRENCE, "INVALID_PARAMETER_VALUE.OCCURRENCE", "22023", STREAMQ_ERR_DATA, "Occurrences are counted from 1. Ask for the first one or a later one.") \
    X(INVALID_PARAMETER_VALUE__PATTERN, "INVALID_PARAMETER_VALUE.PATTERN", "22023", STREAMQ_ERR_DATA, "The regular expression is not valid. The message says where it breaks off.") \
    X(INVALID_PARAMETER_VALUE__REGEX_GROUP_INDEX, "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023", STREAMQ_ERR_DATA, "The pattern has no group of this number. Groups count from 1; 0 is the whole match.") \
    X(INVALID_PARAMETER_VALUE__START, "INVALID_PARAMETER_VALUE.START", "22023", STREAMQ_ERR_DATA, "A position must not be 0: the first is 1, the last is -1. Check the argument.") \
    X(INVALID_PARAMETER_VALUE__ZERO_INDEX, "INVALID_PARAMETER_VALUE.ZERO_INDEX", "22023", STREAMQ_ERR_DATA, "An index must not be 0: the first is 1, the last is -1. Check the argument.") \
    X(INVALID_PARTITION_COLUMN_DATA_TYPE, "INVALID_PARTITION_COLUMN_DATA_TYPE", "0A000", STREAMQ_ERR_UNSUPPORTED, "Output cannot be partitioned by a column of this type. Use a simple type.") \
    X(INVALID_PARTITION_VALUE, "INVALID_PARTITION_VALUE", "42846", STREAMQ_ERR_DATA, "The value in a folder's name is not of its column's type. Rename the folder, or give the column another type.") \
    X(INVALID_REGEXP_REPLACE, "INVALID_REGEXP_REPLACE", "22023", STREAMQ_ERR_DATA, "The replacement text is not valid for the pattern. Write \\\\$ for a dollar sign, and only groups that exist.") \
    X(INVALID_SAVE_MODE, "INVALID_SAVE_MODE", "42000", STREAMQ_ERR_INVALID, "There is no save mode of this name. The message lists them.") \
    X(INVALID_SCHEMA__NON_STRING_LITERAL, "INVALID_SCHEMA.NON_STRING_LITERAL", "42K07", STREAMQ_ERR_ANALYSIS, "The schema must be a string constant, such as 'a INT, b STRING'. Write it as a literal.") \
    X(INVALID_SCHEMA__NON_STRUCT_TYPE, "INVALID_SCHEMA.NON_STRUCT_TYPE", "42K07", STREAMQ_ERR_ANALYSIS, "The schema must be a list of named fields. Write 'name TYPE, ...'.") \
    X(INVALID_SQL_SYNTAX__EMPTY_IN_PREDICATE, "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE", "42000", STREAMQ_ERR_PARSE, "The list after IN is empty. Put at least one value in it.") \
    X(INVALID_SQL_SYNTAX__EMPTY_QUANTIFIED_PATTERN, "INVALID_SQL_SYNTAX.EMPTY_QUANTIFIED_PATTERN", "42000", STREAMQ_ERR_PARSE, "LIKE ANY or LIKE ALL has no pattern. Put at least one between the parentheses.") \
    X(INVALID_SQL_SYNTAX__FUNCTION_WITH_UNSUPPORTED_SYNTAX, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "42000", STREAMQ_ERR_ANALYSIS, "The clause is for aggregate functions only. Remove DISTINCT, FILTER or the ordering from this call.") \
    X(INVALID_SQL_SYNTAX__LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC, "INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC", "42000", STREAMQ_ERR_ANALYSIS, "After LATERAL stands a subquery or a table function. Write one there.") \
    X(INVALID_SUBQUERY_EXPRESSION__STREAMING_QUERY, "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY", "42823", STREAMQ_ERR_ANALYSIS, "A subquery inside an expression must not read a stream. Join with the stream instead.") \
    X(INVALID_TIMEZONE, "INVALID_TIMEZONE", "22009", STREAMQ_ERR_DATA, "The time zone is not known. Use a region such as 'Europe/Berlin' or an offset such as '+02:00'.") \
    X(INVALID_TYPED_LITERAL, "INVALID_TYPED_LITERAL", "42604", STREAMQ_ERR_PARSE, "The text of the literal is not a value of its type. Write it as DATE '2024-01-31' or TIMESTAMP '2024-01-31 12:00:00'.") \
    X(INVALID_URL, "INVALID_URL", "22P02", STREAMQ_ERR_DATA, "The text is not a URL. Correct it, or use try_parse_url to get NULL.") \
    X(INVALID_USAGE_OF_STAR_OR_REGEX, "INVALID_USAGE_OF_STAR_OR_REGEX", "42000", STREAMQ_ERR_ANALYSIS, "The star stands where a single value is needed. Name the column.") \
    X(INVALID_UTF8_STRING, "INVALID_UTF8_STRING", "22029", STREAMQ_ERR_DATA, "The string holds bytes that are not UTF-8. Use make_valid_utf8 to replace them, or try_validate_utf8 to get NULL.") \
    X(INVALID_VARIANT_CAST, "INVALID_VARIANT_CAST", "22023", STREAMQ_ERR_DATA, "The value held by the variant cannot be cast to this type. Use try_variant_get to get NULL.") \
    X(INVALID_WHERE_CONDITION, "INVALID_WHERE_CONDITION", "42903", STREAMQ_ERR_ANALYSIS, "WHERE holds an aggregate, a window function or a generator. Use HAVING, or compute it in a step before.") \
    X(INVALID_WITHIN_GROUP_EXPRESSION__WITHIN_GROUP_MISSING, "INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", "42K0K", STREAMQ_ERR_ANALYSIS, "The aggregate needs an order. Add WITHIN GROUP (ORDER BY ..).") \
    X(INVALID_WITHIN_GROUP_EXPRESSION__WRONG_NUM_ORDERINGS, "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS", "42K0K", STREAMQ_ERR_ANALYSIS, "WITHIN GROUP orders by more or fewer items than the aggregate takes. The message says how many.") \
    X(IO_ERROR, "IO_ERROR", "58030", STREAMQ_ERR_IO, "Reading or writing failed. The message holds the system's reason.") \
    X(JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE, "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", "42K0E", STREAMQ_ERR_ANALYSIS, "The condition of a join must be BOOLEAN. Compare a column of each side.") \
    X(LIMIT_EXCEEDED, "LIMIT_EXCEEDED", "54000", STREAMQ_ERR_LIMIT, "A bound set for the session or the query was reached. The message names it; raise it, or give the query less.") \
    X(MALFORMED_CHARACTER_CODING, "MALFORMED_CHARACTER_CODING", "22000", STREAMQ_ERR_DATA, "The bytes are not text in the character set named. Check the set.") \
    X(MALFORMED_CSV_RECORD, "MALFORMED_CSV_RECORD", "KD000", STREAMQ_ERR_DATA, "A record of a CSV file has more columns or longer values than allowed, or quotes that are not escaped. Check the file and the options.") \
    X(MALFORMED_LOG_FILE, "MALFORMED_LOG_FILE", "KD002", STREAMQ_ERR_IO, "A log file is damaged, or no log file at all. Restore it from a copy, or start with new folders.") \
    X(MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", "22023", STREAMQ_ERR_DATA, "A record does not fit the schema and the mode is FAILFAST. Use PERMISSIVE to get NULL, or correct the input.") \
    X(MISSING_AGGREGATION, "MISSING_AGGREGATION", "42803", STREAMQ_ERR_ANALYSIS, "A column is neither grouped by nor inside an aggregate. Add it to GROUP BY, or wrap it in any_value().") \
    X(MISSING_GROUP_BY, "MISSING_GROUP_BY", "42803", STREAMQ_ERR_ANALYSIS, "The query mixes aggregates and plain columns without GROUP BY. Add the clause.") \
    X(MISSING_OPTION, "MISSING_OPTION", "42K0E", STREAMQ_ERR_INVALID, "An option that is required was not given. The message names it.") \
    X(MULTIPLE_EVENT_TIME_COLUMNS, "MULTIPLE_EVENT_TIME_COLUMNS", "42K09", STREAMQ_ERR_ANALYSIS, "More than one column of the input has a watermark. Keep one.") \
    X(MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS, "MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS", "42000", STREAMQ_ERR_PARSE, "One pipe operator cannot both order and limit. Use two.") \
    X(MULTI_ALIAS_WITHOUT_GENERATOR, "MULTI_ALIAS_WITHOUT_GENERATOR", "42K0E", STREAMQ_ERR_ANALYSIS, "Several names are given to something that makes one column. Give one name.") \
    X(NEGATIVE_SCALE_DISALLOWED, "NEGATIVE_SCALE_DISALLOWED", "0A000", STREAMQ_ERR_DATA, "A number is written with an exponent so that as a decimal it would have a negative scale. Leave prefersDecimal out, or give a schema.") \
    X(NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION, "NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION", "22003", STREAMQ_ERR_DATA, "A frequency must not be negative. Check the column.") \
    X(NESTED_AGGREGATE_FUNCTION, "NESTED_AGGREGATE_FUNCTION", "42607", STREAMQ_ERR_ANALYSIS, "An aggregate stands inside another. Compute the inner one in a step before.") \
    X(NON_FOLDABLE_ARGUMENT, "NON_FOLDABLE_ARGUMENT", "42K08", STREAMQ_ERR_ANALYSIS, "The argument must be a constant, and this one depends on the row. Write a literal.") \
    X(NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION, "NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION", "42613", STREAMQ_ERR_ANALYSIS, "Only the last clause of its kind may leave out its condition. Add conditions to the others.") \
    X(NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING, "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING", "42KDE", STREAMQ_ERR_ANALYSIS, "Window functions over rows do not work on a stream. Group by window(time, ...) instead.") \
    X(NOT_ALLOWED_IN_FROM__LATERAL_WITH_PIVOT, "NOT_ALLOWED_IN_FROM.LATERAL_WITH_PIVOT", "42601", STREAMQ_ERR_ANALYSIS, "PIVOT and LATERAL cannot stand together in FROM. Do one in a subquery.") \
    X(NOT_A_SCALAR_FUNCTION, "NOT_A_SCALAR_FUNCTION", "42887", STREAMQ_ERR_ANALYSIS, "A table function stands where a value is needed. Use it in FROM.") \
    X(NOT_A_TABLE_FUNCTION, "NOT_A_TABLE_FUNCTION", "42887", STREAMQ_ERR_ANALYSIS, "A scalar function stands where a table is needed. Use it in a select list.") \
    X(NULL_MAP_KEY, "NULL_MAP_KEY", "2200E", STREAMQ_ERR_DATA, "A map's key must not be NULL. Filter such rows before the map is built.") \
    X(NUMERIC_OUT_OF_SUPPORTED_RANGE, "NUMERIC_OUT_OF_SUPPORTED_RANGE", "22003", STREAMQ_ERR_DATA, "The number has more digits than a DECIMAL can hold. Use DOUBLE, or scale it down.") \
    X(NUMERIC_VALUE_OUT_OF_RANGE__WITHOUT_SUGGESTION, "NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION", "22003", STREAMQ_ERR_DATA, "The number does not fit the DECIMAL type. Use a larger precision.") \
    X(NUMERIC_VALUE_OUT_OF_RANGE__WITH_SUGGESTION, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "22003", STREAMQ_ERR_DATA, "The number does not fit the DECIMAL type. Use a larger precision, or the try_ form to get NULL.") \
    X(NUM_COLUMNS_MISMATCH, "NUM_COLUMNS_MISMATCH", "42826", STREAMQ_ERR_ANALYSIS, "The inputs of a set operation have different numbers of columns. Select the same number from each.") \
    X(NUM_TABLE_VALUE_ALIASES_MISMATCH, "NUM_TABLE_VALUE_ALIASES_MISMATCH", "42826", STREAMQ_ERR_ANALYSIS, "A table function gives another number of columns than names are written. Name each column once.") \
    X(ORDER_BY_POS_OUT_OF_RANGE, "ORDER_BY_POS_OUT_OF_RANGE", "42805", STREAMQ_ERR_ANALYSIS, "ORDER BY names a position that the select list does not have. Count from 1.") \
    X(OUT_OF_MEMORY, "OUT_OF_MEMORY", "53200", STREAMQ_ERR_NOMEM, "There was no memory for the operation. Raise the session's limit, or give the query less to hold.") \
    X(PARSE_EMPTY_STATEMENT, "PARSE_EMPTY_STATEMENT", "42617", STREAMQ_ERR_PARSE, "The text is empty. Write an expression or a query.") \
    X(PARSE_MODE_UNSUPPORTED, "PARSE_MODE_UNSUPPORTED", "42601", STREAMQ_ERR_ANALYSIS, "This function knows the modes PERMISSIVE and FAILFAST only. Use one of them.") \
    X(PARSE_SYNTAX_ERROR, "PARSE_SYNTAX_ERROR", "42601", STREAMQ_ERR_PARSE, "The text is not in the grammar. The caret shows where it stops making sense.") \
    X(PATH_ALREADY_EXISTS, "PATH_ALREADY_EXISTS", "42K04", STREAMQ_ERR_INVALID, "Something stands where the output shall go. Choose another path, or the save mode append, overwrite or ignore.") \
    X(PATH_NOT_FOUND, "PATH_NOT_FOUND", "42K03", STREAMQ_ERR_ANALYSIS, "There is nothing at the path. Check its spelling; a pattern must match something when the read begins.") \
    X(PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION, "PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION", "0A000", STREAMQ_ERR_UNSUPPORTED, "An expression of |> AGGREGATE has no aggregate function. Add one, or move the expression to GROUP BY.") \
    X(PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION, "PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION", "0A000", STREAMQ_ERR_UNSUPPORTED, "An aggregate function stands in a pipe step that takes none. Use |> AGGREGATE.") \
    X(QUERY_STOPPED, "QUERY_STOPPED", "57014", STREAMQ_ERR_CANCELED, "The query was stopped while the call waited. Nothing is wrong with the query.") \
    X(REMAINDER_BY_ZERO, "REMAINDER_BY_ZERO", "22012", STREAMQ_ERR_DATA, "Remainder of a division by zero. Check the divisor, or use try_mod to get NULL.") \
    X(REQUIRES_EXPLICIT_NAME_IN_WATERMARK_CLAUSE, "REQUIRES_EXPLICIT_NAME_IN_WATERMARK_CLAUSE", "42000", STREAMQ_ERR_ANALYSIS, "The column of a WATERMARK clause is an expression without a name. Add AS and a name.") \
    X(SCALAR_SUBQUERY_TOO_MANY_ROWS, "SCALAR_SUBQUERY_TOO_MANY_ROWS", "21000", STREAMQ_ERR_DATA, "A subquery used as a value gave more than one row. Aggregate it, or limit it to one row.") \
    X(STDS_COMMITTED_BATCH_UNAVAILABLE, "STDS_COMMITTED_BATCH_UNAVAILABLE", "KD006", STREAMQ_ERR_STATE, "The checkpoint has no delivered batch of that number, or none at all. Start the query there first, or ask for a batch that it has.") \
    X(STDS_CONFLICT_OPTIONS, "STDS_CONFLICT_OPTIONS", "42613", STREAMQ_ERR_INVALID, "Two options of a state reader exclude each other. Keep one.") \
    X(STDS_FAILED_TO_READ_STATE_SCHEMA, "STDS_FAILED_TO_READ_STATE_SCHEMA", "42K03", STREAMQ_ERR_STATE, "The checkpoint has no stateful operator of that number. The source 'state-metadata' lists those that it has.") \
    X(STDS_INVALID_OPTION_VALUE__IS_EMPTY, "STDS_INVALID_OPTION_VALUE.IS_EMPTY", "42616", STREAMQ_ERR_INVALID, "An option of a state reader is empty. Give it a value, or leave it out.") \
    X(STDS_INVALID_OPTION_VALUE__IS_NEGATIVE, "STDS_INVALID_OPTION_VALUE.IS_NEGATIVE", "42616", STREAMQ_ERR_INVALID, "An option of a state reader is below zero. Numbers of batches and operators begin at 0.") \
    X(STDS_INVALID_OPTION_VALUE__WITH_MESSAGE, "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE", "42616", STREAMQ_ERR_INVALID, "An option of a state reader has a value that it cannot have; the message says which it can.") \
    X(STDS_REQUIRED_OPTION_UNSPECIFIED, "STDS_REQUIRED_OPTION_UNSPECIFIED", "42601", STREAMQ_ERR_INVALID, "A state reader needs an option that was not given; the message names it.") \
    X(STREAMING_OUTPUT_MODE__UNSUPPORTED_DATASOURCE, "STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE", "42KDE", STREAMQ_ERR_ANALYSIS, "The sink does not take this output mode. Use append.") \
    X(STREAMING_OUTPUT_MODE__UNSUPPORTED_OPERATION, "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION", "42KDE", STREAMQ_ERR_ANALYSIS, "The output mode does not fit the query. The message says which modes do, and why.") \
    X(STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA, "STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA", "42K03", STREAMQ_ERR_ANALYSIS, "The query has other stateful operators than the checkpoint it continues. Restore the old query, or start with a new checkpoint.") \
    X(STREAM_FAILED, "STREAM_FAILED", "XXKST", STREAMQ_ERR_INTERNAL, "The query ended with an error. The message holds the cause; correct it and start the query again.") \
    X(SYNTAX_DISCONTINUED__BANG_EQUALS_NOT, "SYNTAX_DISCONTINUED.BANG_EQUALS_NOT", "42601", STREAMQ_ERR_PARSE, "The sign ! is no NOT in front of IN, LIKE, BETWEEN or NULL. Write NOT.") \
    X(TABLE_OR_VIEW_NOT_FOUND, "TABLE_OR_VIEW_NOT_FOUND", "42P01", STREAMQ_ERR_ANALYSIS, "No stream or table has this name. Name streams with an alias before the SQL text uses them.") \
    X(TEMP_TABLE_OR_VIEW_ALREADY_EXISTS, "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", STREAMQ_ERR_ANALYSIS, "The name is taken by another stream or table. Choose another.") \
    X(TIMED_OUT, "TIMED_OUT", "57014", STREAMQ_ERR_TIMEOUT, "The time given to the call ran out before it was done. Call again, or give it more time.") \
    X(TRAILING_COMMA_IN_SELECT, "TRAILING_COMMA_IN_SELECT", "42601", STREAMQ_ERR_PARSE, "The select list ends in a comma. Remove it.") \
    X(UDTF_ALIAS_NUMBER_MISMATCH, "UDTF_ALIAS_NUMBER_MISMATCH", "42802", STREAMQ_ERR_ANALYSIS, "The number of names is not the number of columns that the generator makes. Give one name for each column.") \
    X(UNABLE_TO_INFER_SCHEMA, "UNABLE_TO_INFER_SCHEMA", "42KD9", STREAMQ_ERR_ANALYSIS, "No file gave a schema. Give one with streamq_reader_schema.") \
    X(UNBOUND_SQL_PARAMETER, "UNBOUND_SQL_PARAMETER", "42P02", STREAMQ_ERR_ANALYSIS, "A parameter of the SQL text has no value. Set it on the plan before the text is used.") \
    X(UNCLOSED_BRACKETED_COMMENT, "UNCLOSED_BRACKETED_COMMENT", "42601", STREAMQ_ERR_PARSE, "A comment is opened with /* and never closed. Close it with */.") \
    X(UNEXPECTED_POSITIONAL_ARGUMENT, "UNEXPECTED_POSITIONAL_ARGUMENT", "4274K", STREAMQ_ERR_ANALYSIS, "A positional argument stands behind a named one. Put positional arguments first.") \
    X(UNKNOWN_OPTION, "UNKNOWN_OPTION", "42K0E", STREAMQ_ERR_INVALID, "The source, sink or call has no option of this name. The message lists the nearest.") \
    X(UNKNOWN_SINK, "UNKNOWN_SINK", "42K02", STREAMQ_ERR_INVALID, "No sink has this name. The message lists those there are.") \
    X(UNKNOWN_SOURCE, "UNKNOWN_SOURCE", "42K02", STREAMQ_ERR_INVALID, "No source has this name. The message lists those there are.") \
    X(UNPIVOT_REQUIRES_ATTRIBUTES, "UNPIVOT_REQUIRES_ATTRIBUTES", "42K0A", STREAMQ_ERR_ANALYSIS, "UNPIVOT takes columns, not expressions or fields. Select them under a name first.") \
    X(UNPIVOT_VALUE_DATA_TYPE_MISMATCH, "UNPIVOT_VALUE_DATA_TYPE_MISMATCH", "42K09", STREAMQ_ERR_ANALYSIS, "The columns that UNPIVOT puts into one have types that do not fit. Cast them to one type.") \
    X(UNPIVOT_VALUE_SIZE_MISMATCH, "UNPIVOT_VALUE_SIZE_MISMATCH", "428C4", STREAMQ_ERR_ANALYSIS, "A set of UNPIVOT names another number of columns than there are value columns. Name as many.") \
    X(UNRECOGNIZED_PARAMETER_NAME, "UNRECOGNIZED_PARAMETER_NAME", "4274K", STREAMQ_ERR_ANALYSIS, "The function has no parameter of this name. The message lists the nearest.") \
    X(UNRESOLVABLE_TABLE_VALUED_FUNCTION, "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883", STREAMQ_ERR_ANALYSIS, "No table function has this name. Check the spelling.") \
    X(UNRESOLVED_COLUMN__WITHOUT_SUGGESTION, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703", STREAMQ_ERR_ANALYSIS, "No column has this name, and the input has none. Check what the step before it gives.") \
    X(UNRESOLVED_COLUMN__WITH_SUGGESTION, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703", STREAMQ_ERR_ANALYSIS, "No column has this name. The message lists the nearest.") \
    X(UNRESOLVED_COLUMN_AMONG_FIELD_NAMES, "UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", "42703", STREAMQ_ERR_ANALYSIS, "No column has this name among those of the input. Check the spelling.") \
    X(UNRESOLVED_FIELD__WITHOUT_SUGGESTION, "UNRESOLVED_FIELD.WITHOUT_SUGGESTION", "42703", STREAMQ_ERR_ANALYSIS, "The struct has no field of this name. Check the spelling against its type.") \
    X(UNRESOLVED_FIELD__WITH_SUGGESTION, "UNRESOLVED_FIELD.WITH_SUGGESTION", "42703", STREAMQ_ERR_ANALYSIS, "The struct has no field of this name. The message lists the nearest.") \
    X(UNRESOLVED_ROUTINE, "UNRESOLVED_ROUTINE", "42883", STREAMQ_ERR_ANALYSIS, "No function has this name. The message lists the nearest; functions of the program are registered before use.") \
    X(UNRESOLVED_USING_COLUMN_FOR_JOIN, "UNRESOLVED_USING_COLUMN_FOR_JOIN", "42703", STREAMQ_ERR_ANALYSIS, "A column named by USING is missing on one side of the join. Rename it there, or write the condition with ON.") \
    X(UNSUPPORTED_ARROWTYPE, "UNSUPPORTED_ARROWTYPE", "0A000", STREAMQ_ERR_UNSUPPORTED, "The Arrow data holds a type the library does not read. Cast it before handing it over.") \
    X(UNSUPPORTED_CALL__WITHOUT_SUGGESTION, "UNSUPPORTED_CALL.WITHOUT_SUGGESTION", "0A000", STREAMQ_ERR_UNSUPPORTED, "The object does not support this call. The message says why.") \
    X(UNSUPPORTED_DATATYPE, "UNSUPPORTED_DATATYPE", "0A000", STREAMQ_ERR_PARSE, "There is no type of this name. Check the spelling against the list of types.") \
    X(UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", "0A000", STREAMQ_ERR_ANALYSIS, "The format has no way to hold a column of this type. Cast it in a select before.") \
    X(UNSUPPORTED_EXPR_FOR_OPERATOR, "UNSUPPORTED_EXPR_FOR_OPERATOR", "42K0E", STREAMQ_ERR_ANALYSIS, "The operator cannot hold an expression of this kind. Compute it in a step before.") \
    X(UNSUPPORTED_FEATURE, "UNSUPPORTED_FEATURE", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has this, this version does not. The message names it and, where there is one, another way.") \
    X(UNSUPPORTED_FEATURE__CHECKPOINT, "UNSUPPORTED_FEATURE.CHECKPOINT", "0A000", STREAMQ_ERR_UNSUPPORTED, "The checkpoint needs something this version does not have. The message names it.") \
    X(UNSUPPORTED_FEATURE__CLAUSE_WITH_PIPE_OPERATORS, "UNSUPPORTED_FEATURE.CLAUSE_WITH_PIPE_OPERATORS", "0A000", STREAMQ_ERR_UNSUPPORTED, "The clause is no pipe operator. Write it in a SELECT.") \
    X(UNSUPPORTED_FEATURE__COMBINATION_QUERY_RESULT_CLAUSES, "UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES", "0A000", STREAMQ_ERR_PARSE, "ORDER BY, SORT BY, DISTRIBUTE BY and CLUSTER BY do not go together. Keep one.") \
    X(UNSUPPORTED_FEATURE__FUNCTION, "UNSUPPORTED_FEATURE.FUNCTION", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has this function, this version does not. Register one of your own under another name.") \
    X(UNSUPPORTED_FEATURE__JOIN, "UNSUPPORTED_FEATURE.JOIN", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has this kind of join, this version does not. The message names another way.") \
    X(UNSUPPORTED_FEATURE__LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC, "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC", "0A000", STREAMQ_ERR_UNSUPPORTED, "An aggregate refers to a name given earlier in the same select list. Repeat the expression, or name it in a step before.") \
    X(UNSUPPORTED_FEATURE__PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE, "UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE", "0A000", STREAMQ_ERR_UNSUPPORTED, "The pipe operator AGGREGATE takes plain groupings only. Use SELECT with GROUP BY for grouping sets.") \
    X(UNSUPPORTED_FEATURE__QUERY_ONLY_CORRUPT_RECORD_COLUMN, "UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN", "0A000", STREAMQ_ERR_ANALYSIS, "The schema has no column but the one for corrupt records, so no record can be corrupt. Give the columns that are meant.") \
    X(UNSUPPORTED_FEATURE__SET_OPERATION, "UNSUPPORTED_FEATURE.SET_OPERATION", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has this set operation, this version does not. The message names another way.") \
    X(UNSUPPORTED_FEATURE__SQL_CLAUSE, "UNSUPPORTED_FEATURE.SQL_CLAUSE", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has this clause, this version does not. The message names another way.") \
    X(UNSUPPORTED_FEATURE__SUBQUERY, "UNSUPPORTED_FEATURE.SUBQUERY", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has subqueries of this kind, this version does not. Write it as a join.") \
    X(UNSUPPORTED_FEATURE__TIME_WINDOW, "UNSUPPORTED_FEATURE.TIME_WINDOW", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has time windows of this kind, this version does not. The message names another way.") \
    X(UNSUPPORTED_FEATURE__TYPE, "UNSUPPORTED_FEATURE.TYPE", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark has this type, this version does not. Cast to a type that is supported.") \
    X(UNSUPPORTED_FEATURE__WATERMARK, "UNSUPPORTED_FEATURE.WATERMARK", "0A000", STREAMQ_ERR_UNSUPPORTED, "Spark allows a watermark here, this version does not. Put it closer to the source.") \
    X(UNSUPPORTED_GENERATOR__MULTI_GENERATOR, "UNSUPPORTED_GENERATOR.MULTI_GENERATOR", "42K0E", STREAMQ_ERR_ANALYSIS, "A select list holds more than one generator such as explode. Use one per step.") \
    X(UNSUPPORTED_GENERATOR__NESTED_IN_EXPRESSIONS, "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "42K0E", STREAMQ_ERR_ANALYSIS, "A generator such as explode stands inside another expression. Let it stand alone, and compute in the next step.") \
    X(UNSUPPORTED_GENERATOR__NOT_GENERATOR, "UNSUPPORTED_GENERATOR.NOT_GENERATOR", "42K0E", STREAMQ_ERR_ANALYSIS, "A function that makes no rows stands where a generator is needed. Use explode or another generator.") \
    X(UNSUPPORTED_GENERATOR__OUTSIDE_SELECT, "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", "42K0E", STREAMQ_ERR_ANALYSIS, "A generator such as explode stands outside a select list. Put it into a select before this step.") \
    X(UNSUPPORTED_GROUPING_EXPRESSION, "UNSUPPORTED_GROUPING_EXPRESSION", "42K0E", STREAMQ_ERR_ANALYSIS, "grouping() and grouping_id() need GROUPING SETS, CUBE or ROLLUP. Remove them, or group that way.") \
    X(UNSUPPORTED_SAVE_MODE, "UNSUPPORTED_SAVE_MODE", "0A000", STREAMQ_ERR_UNSUPPORTED, "The sink does not know this way of writing. The message lists those it knows.") \
    X(UNSUPPORTED_STREAMING_OPERATION__COMMAND, "UNSUPPORTED_STREAMING_OPERATION.COMMAND", "0A000", STREAMQ_ERR_ANALYSIS, "A command cannot run on a stream. Start the query and run the command on its results.") \
    X(UNSUPPORTED_STREAMING_OPERATION__DEDUPLICATION_WITHOUT_WATERMARK, "UNSUPPORTED_STREAMING_OPERATION.DEDUPLICATION_WITHOUT_WATERMARK", "0A000", STREAMQ_ERR_ANALYSIS, "Dropping duplicates within the watermark needs a watermark. Add one before it.") \
    X(UNSUPPORTED_STREAMING_OPERATION__DISTINCT_AGGREGATE, "UNSUPPORTED_STREAMING_OPERATION.DISTINCT_AGGREGATE", "0A000", STREAMQ_ERR_ANALYSIS, "DISTINCT inside an aggregate does not work on a stream. Use approx_count_distinct, or drop duplicates first.") \
    X(UNSUPPORTED_STREAMING_OPERATION__JOIN, "UNSUPPORTED_STREAMING_OPERATION.JOIN", "0A000", STREAMQ_ERR_ANALYSIS, "This join of streams cannot be computed. The message says what is missing: a watermark, a time condition, another kind of join.") \
    X(UNSUPPORTED_STREAMING_OPERATION__LIMIT, "UNSUPPORTED_STREAMING_OPERATION.LIMIT", "0A000", STREAMQ_ERR_ANALYSIS, "LIMIT on a stream works in append and complete mode only. Use one of them.") \
    X(UNSUPPORTED_STREAMING_OPERATION__MULTIPLE_AGGREGATIONS, "UNSUPPORTED_STREAMING_OPERATION.MULTIPLE_AGGREGATIONS", "0A000", STREAMQ_ERR_ANALYSIS, "Several stateful steps in a row work in append mode only. Use it, with a watermark.") \
    X(UNSUPPORTED_STREAMING_OPERATION__NON_DETERMINISTIC_ID, "UNSUPPORTED_STREAMING_OPERATION.NON_DETERMINISTIC_ID", "0A000", STREAMQ_ERR_ANALYSIS, "An id that changes when a batch is repeated cannot be used on a stream. Use a column of the data, or uuid().") \
    X(UNSUPPORTED_STREAMING_OPERATION__OFFSET, "UNSUPPORTED_STREAMING_OPERATION.OFFSET", "0A000", STREAMQ_ERR_ANALYSIS, "OFFSET does not work on a stream. Remove it.") \
    X(UNSUPPORTED_STREAMING_OPERATION__SAMPLE, "UNSUPPORTED_STREAMING_OPERATION.SAMPLE", "0A000", STREAMQ_ERR_ANALYSIS, "Sampling does not work on a stream. Filter by a hash of a column instead.") \
    X(UNSUPPORTED_STREAMING_OPERATION__SET_OPERATION, "UNSUPPORTED_STREAMING_OPERATION.SET_OPERATION", "0A000", STREAMQ_ERR_ANALYSIS, "This set operation does not work with a stream. Use a join with a watermark.") \
    X(UNSUPPORTED_STREAMING_OPERATION__SORT, "UNSUPPORTED_STREAMING_OPERATION.SORT", "0A000", STREAMQ_ERR_ANALYSIS, "A stream is sorted after an aggregation and in complete mode only. Use both, or drop the sort.") \
    X(UNSUPPORTED_STREAMING_OPERATION__UNION_OF_STREAM_AND_TABLE, "UNSUPPORTED_STREAMING_OPERATION.UNION_OF_STREAM_AND_TABLE", "0A000", STREAMQ_ERR_ANALYSIS, "A stream and a table cannot be united. Read the table as a stream.") \
    X(UNSUPPORTED_STREAMING_OPERATOR_WITHOUT_WATERMARK, "UNSUPPORTED_STREAMING_OPERATOR_WITHOUT_WATERMARK", "0A000", STREAMQ_ERR_UNSUPPORTED, "In this output mode the step needs a watermark, or its rows would never come out. Add a watermark on the time column.") \
    X(UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY__HIGHER_ORDER_FUNCTION, "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.HIGHER_ORDER_FUNCTION", "0A000", STREAMQ_ERR_UNSUPPORTED, "A subquery stands inside a lambda function. Compute it outside.") \
    X(UNSUPPORTED_TIME_TYPE, "UNSUPPORTED_TIME_TYPE", "0A000", STREAMQ_ERR_UNSUPPORTED, "The TIME type is not supported. Use TIMESTAMP, or a number of microseconds.") \
    X(UNSUPPORTED_TYPED_LITERAL, "UNSUPPORTED_TYPED_LITERAL", "0A000", STREAMQ_ERR_PARSE, "There are no literals of this type. Use CAST('text' AS TYPE).") \
    X(USER_CALLBACK_FAILED, "USER_CALLBACK_FAILED", "38000", STREAMQ_ERR_USER, "A callback of the program said no. The message holds what it said.") \
    X(USER_RAISED_EXCEPTION, "USER_RAISED_EXCEPTION", "P0001", STREAMQ_ERR_DATA, "The query called raise_error or assert_true failed. The message is the query's own.") \
    X(WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE, "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "42601", STREAMQ_ERR_ANALYSIS, "A window function needs an OVER clause. Add it.") \
    X(WRITE_STREAM_NOT_ALLOWED, "WRITE_STREAM_NOT_ALLOWED", "42601", STREAMQ_ERR_ANALYSIS, "A stream is written with a stream writer, and only a stream. Read the input as a stream.") \
    X(WRONG_NUM_ARGS__WITHOUT_SUGGESTION, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605", STREAMQ_ERR_ANALYSIS, "The function takes another number of arguments. The message says how many.") \
    X(WRONG_NUM_ARGS__WITH_SUGGESTION, "WRONG_NUM_ARGS.WITH_SUGGESTION", "42605", STREAMQ_ERR_ANALYSIS, "The function takes another number of arguments. The message says how many, and how to write it.")
/* clang-format on */

typedef enum sqi_cond {
    SQI_COND_NONE = 0,
#define X(id, name, state, status, text) SQI_COND_##id,
    SQI_CONDITIONS(X)
#undef X
        SQI_COND_COUNT_
} sqi_cond;

/* Name, SQLSTATE, status and meaning of a condition. Never NULL. */
const char *sqi_cond_name(sqi_cond c);
const char *sqi_cond_sqlstate(sqi_cond c);
streamq_status sqi_cond_status(sqi_cond c);
const char *sqi_cond_text(sqi_cond c);

#endif
