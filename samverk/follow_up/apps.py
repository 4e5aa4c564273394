from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    name = "samverk.follow_up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.follow_up import merging
        from samverk.follow_up.commands import materials, tasks
        from samverk.kit.registers import merge_movers, reversals

        reversals.add(tasks.UNDO_DONE, tasks.undo_finishing)
        reversals.add(materials.UNDO_REMOVING, materials.undo_removing)
        merge_movers.add("follow_up", merging.part_of_merge)
