"""The dialog *Crop picture*."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSlider, QWidget

from whimbrel.ui.accounts.crop_view import LEAST_ZOOM, MOST_ZOOM, CropView
from whimbrel.ui.accounts.own_picture import cut
from whimbrel.ui.run import run
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog


class CropDialog(FittingDialog):
    """Chooses the part of a picture that is shown; ``chosen`` carries an OwnPicture."""

    chosen = Signal(object)

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Crop picture"), parent)
        self._image = image
        self.view = CropView(image)
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setRange(LEAST_ZOOM, MOST_ZOOM)
        self.zoom.valueChanged.connect(self.view.set_zoom)
        self.view.zoom_changed.connect(self.zoom.setValue)
        self.content.addWidget(self.view, 0, Qt.AlignmentFlag.AlignHCenter)
        self.content.addWidget(Field(self.tr("Zoom"), self.zoom))
        self.add_button(secondary_button(self.tr("Cancel"))).clicked.connect(self.reject)
        self.use = self.add_button(primary_button(self.tr("Use picture")), default=True)
        self.use.clicked.connect(self._on_use)
        self.view.setFocus()

    def _on_use(self) -> None:
        self.use.setEnabled(False)
        run(self, asyncio.to_thread(cut, self._image, self.view.part), on_done=self._on_cut, on_error=lambda _: None)

    def _on_cut(self, picture: object) -> None:
        self.chosen.emit(picture)
        self.accept()
