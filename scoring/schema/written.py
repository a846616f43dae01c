"""JSON Schema of the pydantic types: what may be written, with the Chinese hint of each key. Knows no file and no kind.

A type whose validator takes more or less than the type itself says so beside it (`WithJsonSchema`, or the validator's
`json_schema_input_type`). Two differences from the reader on purpose: an empty value is read as not written but marked by
the editor, since a person who leaves one forgot something; `yes` and `on` are read as true but the editor asks for true.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from scoring.schema.hints import ANYWHERE, HINTS, ITSELF


def of_file(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a file."""
    return model.model_json_schema(schema_generator=_Written)


def of_field(annotation: Any) -> dict[str, Any]:
    """The schema of what one key may hold."""
    return TypeAdapter(annotation).json_schema(schema_generator=_Written)


class _Written(GenerateJsonSchema):
    """What may be written, told in Chinese."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        model = schema["cls"]
        found = {
            key: value for key, value in super().model_schema(schema).items() if key not in ("title", "description")
        }
        keys = {key: {**value, **_described(model, key)} for key, value in found.pop("properties", {}).items()}
        itself = HINTS.get(model.__name__, {}).get(ITSELF, "")
        head = {"title": itself.partition("：")[0], "description": itself} if itself else {}
        return {**head, "type": found.pop("type"), "properties": keys, **found}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """A validator that does not say what may be written allows everything; a test finds it."""
        told = schema.get("json_schema_input_schema")
        return self.generate_inner(told) if told is not None else {}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """With the default where it can be written as it is."""
        found = self.generate_inner(schema["schema"])
        default = self.get_default_value(schema)
        if isinstance(default, Decimal) and default == int(default):
            default = int(default)
        fits = {bool: {"boolean"}, str: {"string"}, int: {"integer", "number"}}.get(type(default), set())
        types = found.get("type", [])
        return {**found, "default": default} if fits & set([types] if isinstance(types, str) else types) else found

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Told apart by the `const` of each kind; the keyword of OpenAPI is no JSON Schema."""
        return {key: value for key, value in super().tagged_union_schema(schema).items() if key != "discriminator"}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Free keys of one form, as editors understand it best."""
        keys, values = self.generate_inner(schema["keys_schema"]), self.generate_inner(schema["values_schema"])
        found: JsonSchemaValue = {"type": "object", "propertyNames": keys, "additionalProperties": values}
        self.update_with_validations(found, schema, self.ValidationsMapping.object)
        return found

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        """As the types stand; only the names in `$defs` by the alphabet (`generated`)."""
        return value

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _described(model: type[BaseModel], key: str) -> dict[str, str]:
    hint = _hint(model, key)
    return {"description": hint} if hint else {}


def _hint(model: type[BaseModel], key: str) -> str:
    """What a key means: in this type, or the same everywhere. A `kind` is what its type is."""
    own = HINTS.get(model.__name__, {})
    return own.get(key) or (own.get(ITSELF, "") if key == "kind" else ANYWHERE.get(key, ""))
